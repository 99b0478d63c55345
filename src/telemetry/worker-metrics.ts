import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { SendMetrics } from '../../activities/metrics';
import type { Verdict } from '../../activities/send/mailer';
import type {
  UploadWatchMetrics,
  UploadWatchResult,
} from '../../activities/upload-watch/check-upload';
import { type NothingToSendReason, reasons } from '../../workflows/core/reasons';
import { createConfigurationMetrics } from './configuration-metrics';
import { createCounter, valuesOf } from './create-counter';
import { createExpiryMetrics } from './expiry-metrics';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** The two look-ups before a mail: the task at the provider, the recipient in the database. */
export type LookUp = 'task' | 'recipient';

const SENDS = [
  { verdict: 'accepted', reply: '2xx' },
  { verdict: 'refused', reply: '5xx' },
  { verdict: 'refused', reply: 'none' },
  { verdict: 'deferred', reply: '4xx' },
  { verdict: 'deferred', reply: '5xx' },
  { verdict: 'deferred', reply: 'none' },
  { verdict: 'ambiguous', reply: 'none' },
];
const RELAY_CONNECTION_RESULTS = [
  'opened',
  'failed',
  'replaced',
  'limited',
  'out_of_step',
] as const;
const WATCH_RESULTS: UploadWatchResult[] = [
  'notified',
  'already_started',
  'webhook_lost',
  'webhook_elsewhere',
  'task_unknown',
  'gave_up',
];

/** Prometheus metrics of the worker. */
export function createWorkerMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const sends = createCounter(registry, {
    name: 'bulk_notify_sends_total',
    help: 'Verdicts of delivery attempts that the ledger has recorded (accepted, refused, deferred, ambiguous), with the class of the reply: 2xx, 3xx, 4xx, 5xx, none',
    labelNames: ['verdict', 'reply'],
    known: SENDS,
  });
  const sendSeconds = new Histogram({
    name: 'bulk_notify_send_seconds',
    help: 'Time of a delivery attempt up to the last reply, by verdict',
    labelNames: ['verdict'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600],
    registers: [registry],
  });
  const relayConnections = createCounter(registry, {
    name: 'bulk_notify_relay_connections_total',
    help: 'Connections to the relay by result: opened, failed, replaced (a kept one had ended), limited (the relay said too many), out_of_step (a reply to nothing)',
    labelNames: ['result'],
    known: valuesOf('result', RELAY_CONNECTION_RESULTS),
  });
  const lookUpSeconds = new Histogram({
    name: 'bulk_notify_lookup_seconds',
    help: 'Time of a look-up before a mail, by what is looked up (task, recipient) and result (answered, failed)',
    labelNames: ['lookup', 'result'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const settled = createCounter(registry, {
    name: 'bulk_notify_notifications_settled_total',
    help: 'Notifications that have settled, by state (sent, parked, nothing_to_send) and reason',
    labelNames: ['state', 'reason'],
    known: [
      { state: 'sent' },
      ...Object.entries(reasons).map(([reason, { state }]) => ({ state, reason })),
    ],
  });
  const resendRequests = createCounter(registry, {
    name: 'bulk_notify_resend_requests_total',
    help: 'Requests to send a notification again that the ledger has recorded',
  });
  const uploadWatches = createCounter(registry, {
    name: 'bulk_notify_upload_watches_total',
    help: 'Watches of uploads by result; webhook_lost: the watch had to start the notification',
    labelNames: ['result'],
    known: valuesOf('result', WATCH_RESULTS),
  });
  const metrics: SendMetrics & UploadWatchMetrics = {
    countSend: ({ verdict, code }) => sends.inc({ verdict, reply: replyClassOf(verdict, code) }),
    countSettled: (state, reason) => settled.inc({ state, ...(reason && { reason }) }),
    countResendRequest: () => resendRequests.inc(),
    ...createConfigurationMetrics(registry, ['provider', 'database', 'relay']),
    countUploadWatch: (result) => uploadWatches.inc({ result }),
  };
  return {
    registry,
    metrics,
    observeSend: (verdict: Verdict['verdict'], seconds: number) =>
      sendSeconds.observe({ verdict }, seconds),
    countRelayConnection: (result: (typeof RELAY_CONNECTION_RESULTS)[number]) =>
      relayConnections.inc({ result }),
    observeLookUp: (lookup: LookUp, result: 'answered' | 'failed', seconds: number) =>
      lookUpSeconds.observe({ lookup, result }, seconds),
    countNothingToSend: (reason: NothingToSendReason) =>
      settled.inc({ state: 'nothing_to_send', reason }),
    expiry: createExpiryMetrics(registry),
  };
}

function replyClassOf(verdict: Verdict['verdict'], code?: number): string {
  if (verdict === 'accepted') return '2xx';
  return code === undefined ? 'none' : `${Math.floor(code / 100)}xx`;
}
