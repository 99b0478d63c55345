import { collectDefaultMetrics, Registry } from 'prom-client';
import { createConfigurationMetrics } from './configuration-metrics';
import { createExpiryMetrics } from './expiry-metrics';
import { createStartMetrics } from './start-metrics';
import { createUploadMetrics } from './upload-metrics';
import { createWebhookMetrics } from './webhook-metrics';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics of the API. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    ...createWebhookMetrics(registry),
    ...createUploadMetrics(registry),
    starts: createStartMetrics(registry),
    expiry: createExpiryMetrics(registry),
    ...createConfigurationMetrics(registry, ['database']),
  };
}
