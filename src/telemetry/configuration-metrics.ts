import type { Registry } from 'prom-client';
import type { Part } from '../../activities/failures/remedies';
import { createCounter, valuesOf } from './create-counter';

/** Counts, by part, what lasts until a person corrects it; `parts` are those that the process has. */
export function createConfigurationMetrics(registry: Registry, parts: readonly Part[]) {
  const errors = createCounter(registry, {
    name: 'bulk_notify_configuration_errors_total',
    help: 'Failures that last until a person corrects a key, a login or a certificate, by part: provider, database, relay',
    labelNames: ['part'],
    known: valuesOf('part', parts),
  });
  return { countConfigurationError: (part: Part) => errors.inc({ part }) };
}
