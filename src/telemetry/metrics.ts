import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { SendMetrics } from '../../activities/metrics';
import type { SweepMetrics } from '../../activities/types';

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
  const signatureChecked = new Gauge({
    name: 'bulk_notify_webhook_signature_checked',
    help: 'Whether webhooks need a signature: 0 means that anybody may send them. Alert on 0',
    registers: [registry],
  });
  const refusedBodies = new Counter({
    name: 'bulk_notify_webhook_bodies_refused_total',
    help: 'Bodies of webhooks that were not read to their end: no_room, too_slow, timed_out',
    labelNames: ['reason'],
    registers: [registry],
  });
  let bodies = () => ({ bytes: 0, bodies: 0 });
  new Gauge({
    name: 'bulk_notify_webhook_body_bytes',
    help: 'Memory held by the bodies of webhooks that are being read, of 128 MiB',
    registers: [registry],
    collect() {
      this.set(bodies().bytes);
    },
  });
  new Gauge({
    name: 'bulk_notify_webhook_bodies',
    help: 'Bodies of webhooks that are being read, of 500',
    registers: [registry],
    collect() {
      this.set(bodies().bodies);
    },
  });
  const uploads = new Counter({
    name: 'bulk_notify_uploads_total',
    help: 'Uploads by answer: accepted, partly_accepted, or the code of the refusal',
    labelNames: ['answer'],
    registers: [registry],
  });
  const unwatchedUploads = new Counter({
    name: 'bulk_notify_uploads_unwatched_total',
    help: 'Files that were accepted but could not be remembered: if the webhook is lost, so is the mail. Alert on any',
    registers: [registry],
  });
  /** Where the gauges of bodies are read from. */
  const observeBodies = (usage: typeof bodies) => void (bodies = usage);
  return {
    registry,
    webhooks,
    signatures,
    signatureChecked,
    refusedBodies,
    observeBodies,
    uploads,
    unwatchedUploads,
  };
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
  const looks = new Counter({
    name: 'bulk_notify_sweep_uploads_total',
    help: 'Uploads that the sweep saw, by what it found. Alert on started: webhooks get lost',
    labelNames: ['finding'],
    registers: [registry],
  });
  const metrics: SendMetrics & SweepMetrics = {
    countSend: (verdict) => sends.inc({ verdict }),
    countConfigurationError: (part) => trouble.inc({ part }),
    countLooks: (finding, count) => looks.inc({ finding }, count),
  };
  return { registry, metrics };
}
