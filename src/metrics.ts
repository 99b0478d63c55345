import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics of the HTTP endpoint. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const webhooks = new Counter({
    name: 'bulk_notify_webhooks_total',
    help: 'Webhooks by answer: accepted, or the reason or refusal',
    labelNames: ['answer'],
    registers: [registry],
  });
  const signatures = new Counter({
    name: 'bulk_notify_webhook_signatures_total',
    help: 'Verified webhooks by the secret that matched: current or previous',
    labelNames: ['secret'],
    registers: [registry],
  });
  return { registry, webhooks, signatures };
}
