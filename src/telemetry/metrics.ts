import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { SendMetrics } from '../../activities/metrics';
import type { UploadWatchMetrics } from '../../activities/upload-watch/check-upload';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics of the HTTP endpoint. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const webhooks = new Counter({
    name: 'bulk_notify_webhooks_total',
    help: 'Webhooks by answer: accepted, or the reason why nothing was started',
    labelNames: ['answer'],
    registers: [registry],
  });
  const signatures = new Counter({
    name: 'bulk_notify_webhook_signatures_total',
    help: 'Webhooks with a valid signature by the secret that matched: current or previous',
    labelNames: ['secret'],
    registers: [registry],
  });
  const signatureChecked = new Gauge({
    name: 'bulk_notify_webhook_signature_checked',
    help: '1 if webhooks need a signature, 0 if any sender is accepted. Alert on 0',
    registers: [registry],
  });
  const refusedBodies = new Counter({
    name: 'bulk_notify_webhook_bodies_refused_total',
    help: 'Webhook bodies that were not read to the end, by reason: no_room, too_slow, timed_out',
    labelNames: ['reason'],
    registers: [registry],
  });
  let bodies = () => ({ bytes: 0, bodies: 0 });
  new Gauge({
    name: 'bulk_notify_webhook_body_bytes',
    help: 'Memory held by webhook bodies that are being read; the limit is 128 MiB',
    registers: [registry],
    collect() {
      this.set(bodies().bytes);
    },
  });
  new Gauge({
    name: 'bulk_notify_webhook_bodies',
    help: 'Webhook bodies that are being read; the limit is 500',
    registers: [registry],
    collect() {
      this.set(bodies().bodies);
    },
  });
  const uploads = new Counter({
    name: 'bulk_notify_uploads_total',
    help: 'Uploads by answer: accepted, partly_accepted, or the code of the error',
    labelNames: ['answer'],
    registers: [registry],
  });
  const unwatchedUploads = new Counter({
    name: 'bulk_notify_uploads_unwatched_total',
    help: 'Files that the provider accepted but that are not watched: if the webhook is lost, no email is sent. Alert on any',
    registers: [registry],
  });
  /** Sets where the gauges of webhook bodies take their values from. */
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
    help: 'Delivery attempts by verdict: accepted, refused, deferred, ambiguous',
    labelNames: ['verdict'],
    registers: [registry],
  });
  const configurationErrors = new Counter({
    name: 'bulk_notify_configuration_errors_total',
    help: 'Failures that last until a person corrects a key, a login or a certificate, by part: provider, database, relay. Alert on any',
    labelNames: ['part'],
    registers: [registry],
  });
  const uploadWatches = new Counter({
    name: 'bulk_notify_upload_watches_total',
    help: 'Watches of uploads by result. Alert on webhook_lost, task_unknown and gave_up',
    labelNames: ['result'],
    registers: [registry],
  });
  const metrics: SendMetrics & UploadWatchMetrics = {
    countSend: (verdict) => sends.inc({ verdict }),
    countConfigurationError: (part) => configurationErrors.inc({ part }),
    countUploadWatch: (result) => uploadWatches.inc({ result }),
  };
  return { registry, metrics };
}
