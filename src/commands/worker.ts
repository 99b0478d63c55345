import { createActivities } from '../../activities';
import { remedyFor } from '../../activities/failures/remedies';
import { createReportChanges } from '../../activities/report-changes';
import { createBulks } from '../clients/postgres/bulks';
import { createLedger } from '../clients/postgres/ledger';
import { createLedgerReader } from '../clients/postgres/ledger-reader';
import { createRecipientDirectory } from '../clients/postgres/recipients';
import { createTaskApi } from '../clients/provider/task-api';
import type { WorkerConfig } from '../config/config';
import { createApp } from '../http/app';
import type { Probe, Readiness } from '../http/readiness';
import { createOpsRouter } from '../http/ops';
import type { Logger } from '../telemetry/logger';
import { measureParts } from '../telemetry/measured-parts';
import { createWorkerMetrics } from '../telemetry/worker-metrics';
import { connectWorker } from '../temporal/connect-worker';
import { createResendRequester } from '../temporal/resend-requester';
import {
  createBulkResendWorker,
  createSendWorker,
  createUploadCheckWorker,
  createWorker,
  flushLogs,
  installRuntime,
  isPolling,
  isPollingActivities,
  SHUTDOWN_GRACE_MS,
  notificationSinks,
} from '../temporal/worker';
import { listenOn } from './listen-on';
import { openDatabase } from './open-database';
import { createRelayMailer } from './relay-mailer';
import { reportExpiry } from './report-expiry';

/**
 * A bulk resend takes at most this share of the relay's rate limit; the rest is for new notifications.
 */
const BULK_SHARE = 0.5;
/**
 * Local attempts at a time, for each connection to the relay: a burst that leaves within seconds stays
 * within its workflow tasks. What is beyond goes to the task queue.
 */
const LOCAL_SENDS_PER_CONNECTION = 4;
const OUT_OF_STEP =
  'Look the last emails up in the log of the relay, which sent an extra reply: one of them may have ' +
  "been recorded by another one's reply. Set SMTP_MAX_MESSAGES_PER_CONNECTION=1 until it is repaired.";

/** Runs until `stop` aborts, then finishes the tasks under way and closes the connections. */
export async function runWorker(
  config: WorkerConfig,
  logger: Logger,
  stop: AbortSignal,
): Promise<void> {
  const { temporal, sendsPerSecond } = config;
  const { connectionsMax } = config.smtp.connections;
  const localSendsMax = connectionsMax * LOCAL_SENDS_PER_CONNECTION;
  installRuntime(logger, config.temporalMetricsPort);
  const connection = await connectWorker(temporal, logger, stop);
  if (!connection) return;
  const measures = createWorkerMetrics();
  const { registry, metrics, expiry } = measures;
  reportExpiry(temporal, {}, expiry);
  const database = openDatabase(config.database, { logger, metrics, expiry });
  void database.probe();
  const parts = {
    taskApi: createTaskApi(config.taskApi),
    recipients: createRecipientDirectory({
      ...{ database, logger, metrics },
      source: config.recipientSource,
    }),
    mailer: createRelayMailer(config, logger, {
      onCertificate: (expiresAt) => expiry.certificateExpires('relay', expiresAt),
      onConnection(event) {
        measures.countRelayConnection(event);
        if (event === 'out_of_step') {
          logger.warn({ remedy: OUT_OF_STEP }, 'worker.relay_out_of_step');
        }
      },
    }),
  };
  const activities = createActivities({
    ...measureParts(parts, measures),
    ledger: createLedger({
      ...{ database, recipientMaxPerDay: config.recipientMaxPerDay },
      onChange: createReportChanges(metrics),
    }),
    sender: config.sender,
    metrics,
    uncertainPolicy: config.uncertainPolicy,
    giveUpAfterMs: config.giveUpAfterMs,
    hasRateLimit: sendsPerSecond !== undefined,
    localSendsMax,
    shutdown: afterGrace(stop),
    bulks: createBulks(database),
    notificationSearch: createLedgerReader(database),
    resendRequester: createResendRequester({ connection, temporal }),
    bulkRateMaxPerSecond: (sendsPerSecond ?? Infinity) * BULK_SHARE,
  });
  const sinks = notificationSinks(measures.countNothingToSend);
  const [worker, ...activityWorkers] = await Promise.all([
    createWorker({ connection, temporal, activities, sinks, localSendsMax }),
    createSendWorker({ connection, temporal, activities, connectionsMax, sendsPerSecond }),
    createUploadCheckWorker({ connection, temporal, activities }),
    createBulkResendWorker({ connection, temporal, activities }),
  ]);
  const workers = [worker, ...activityWorkers];
  const probes: Probe[] = [
    () =>
      isPolling(worker) && activityWorkers.every(isPollingActivities)
        ? { ready: true }
        : { ready: false, checks: ['Does not poll Temporal'] },
    () => databaseReadiness(database.refusal()),
  ];
  const ops = createApp({ logger, routers: [createOpsRouter({ probes, registry })] });
  const server = await listenOn('HTTP_PORT', ops, config.port);

  const run = Promise.all(workers.map((each) => each.run()));
  logger.info({ port: server.port, task_queue: temporal.taskQueue }, 'worker.running');
  onAbort(stop, () => {
    logger.info({ signal: String(stop.reason) }, 'worker.stopping');
    for (const each of workers) each.shutdown();
  });
  await run.finally(flushLogs);
  await Promise.all([
    ...[server.close(), connection.close()],
    ...[database.close(), parts.mailer.close()],
  ]);
  logger.info('worker.stopped');
}

function databaseReadiness(refusal: string | undefined): Readiness {
  if (refusal === undefined) return { ready: true };
  const remedy = remedyFor('database', refusal) ?? '';
  return { ready: false, checks: [`The database refuses us (${refusal}). ${remedy}`.trim()] };
}

/** Aborts when a shutdown stops the sends that have not submitted their message. */
function afterGrace(stop: AbortSignal): AbortSignal {
  const late = new AbortController();
  onAbort(stop, () => setTimeout(() => late.abort(), SHUTDOWN_GRACE_MS).unref());
  return late.signal;
}

/** A signal that comes while the worker starts has had its event. */
function onAbort(signal: AbortSignal, call: () => void): void {
  if (signal.aborted) call();
  else signal.addEventListener('abort', call);
}
