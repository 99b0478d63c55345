import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';
import { readResendWindow } from './read-delivery';

const watch = describeVariables('Uploads', {
  SWEEP_EVERY: {
    schema: value.interval.prefault('5m'),
    about: 'How often the sweep runs.',
  },
  SWEEP_AFTER: {
    schema: value.duration.prefault('30m'),
    about: 'How long a webhook may take before the sweep asks the provider about the upload.',
  },
});

export function readSweep(reader: EnvironmentReader) {
  return {
    everyMs: reader.read(watch.SWEEP_EVERY),
    options: {
      sweepAfterMs: reader.read(watch.SWEEP_AFTER),
      resendWindowMs: readResendWindow(reader),
    },
  };
}
