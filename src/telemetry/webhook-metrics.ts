import { Gauge, Histogram, type Registry } from 'prom-client';
import { createCounter, valuesOf } from './create-counter';

const ANSWERS = [
  'accepted',
  'duplicate_or_not_recorded',
  'event_type_not_supported',
  'not_task_completion',
  'task_id_missing',
  'invalid_payload',
  'signature_missing',
  'signature_invalid',
  'payload_too_large',
  'client_gone',
  'unavailable',
];
/** A webhook is answered within two seconds, whatever Temporal does. */
const ACKNOWLEDGEMENT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** Metrics of the webhook route. */
export function createWebhookMetrics(registry: Registry) {
  const registers = [registry];
  const webhooks = createCounter(registry, {
    name: 'bulk_notify_webhooks_total',
    help: 'Webhooks by answer: accepted, or the reason why nothing was started',
    labelNames: ['answer'],
    known: valuesOf('answer', ANSWERS),
  });
  const acknowledgements = new Histogram({
    name: 'bulk_notify_webhook_acknowledgement_seconds',
    help: 'Time from the end of a webhook to its answer, without the wait that Prefer asks for; at most 2 s is promised',
    buckets: ACKNOWLEDGEMENT_BUCKETS,
    registers,
  });
  const signatures = createCounter(registry, {
    name: 'bulk_notify_webhook_signatures_total',
    help: 'Webhooks with a valid signature by the secret that matched: current or previous',
    labelNames: ['secret'],
    known: valuesOf('secret', ['current', 'previous']),
  });
  const signatureChecked = new Gauge({
    name: 'bulk_notify_webhook_signature_checked',
    help: '1 if webhooks need a signature, 0 if any sender is accepted',
    registers,
  });
  const refusedBodies = createCounter(registry, {
    name: 'bulk_notify_webhook_bodies_refused_total',
    help: 'Webhook bodies that were not read to the end, by reason: no_room, too_slow, timed_out',
    labelNames: ['reason'],
    known: valuesOf('reason', ['no_room', 'too_slow', 'timed_out']),
  });
  let bodies = () => ({ bytes: 0, bodies: 0 });
  new Gauge({
    name: 'bulk_notify_webhook_body_bytes',
    help: 'Memory held by webhook bodies that are being read; the limit is 128 MiB',
    registers,
    collect() {
      this.set(bodies().bytes);
    },
  });
  new Gauge({
    name: 'bulk_notify_webhook_bodies',
    help: 'Webhook bodies that are being read; the limit is 500',
    registers,
    collect() {
      this.set(bodies().bodies);
    },
  });
  /** Sets where the gauges of webhook bodies take their values from. */
  const observeBodies = (usage: typeof bodies) => void (bodies = usage);
  return {
    webhooks,
    acknowledgements,
    signatures,
    signatureChecked,
    refusedBodies,
    observeBodies,
  };
}
