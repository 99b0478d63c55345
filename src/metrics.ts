import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { SendMetrics } from '../activities/types';

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

/** Prometheus metrics of the worker. */
export function createWorkerMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const sends = new Counter({
    name: 'bulk_notify_sends_total',
    help: 'Attempts to send by verdict: accepted, refused, deferred, ambiguous',
    labelNames: ['verdict'],
    registers: [registry],
  });
  const trouble = new Counter({
    name: 'bulk_notify_configuration_trouble_total',
    help: 'Refusals that a person has to repair: a key, a login, a certificate. Alert on any',
    labelNames: ['part'],
    registers: [registry],
  });
  const metrics: SendMetrics = {
    countSend: (verdict) => sends.inc({ verdict }),
    countConfigurationTrouble: (part) => trouble.inc({ part }),
  };
  return { registry, metrics };
}
