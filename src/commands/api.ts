import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createWatchRouter } from '../admin/watch-route';
import type { ApiConfig } from '../config/config';
import { createApp } from '../http/app';
import { createOpsRouter } from '../http/ops';
import { type Probe, probeAll, shared } from '../http/readiness';
import type { Logger } from '../telemetry/logger';
import { createMetrics } from '../telemetry/metrics';
import { createReadinessMetric } from '../telemetry/readiness-metric';
import { createTemporalClient } from '../temporal/client';
import { measureStarts } from '../temporal/measure-starts';
import { createNotifications } from '../temporal/notifications';
import { createTemporalReadiness } from '../temporal/readiness';
import { createUploadWatches } from '../temporal/upload-watches';
import { boltRouteFormat } from '../webhook/boltroute-format';
import { allowHeapGrowth } from '../webhook/heap-growth';
import { createWebhookRouter } from '../webhook/route';
import { createAdminApp } from './admin-app';
import { listenOn } from './listen-on';
import { openDatabase } from './open-database';
import { reportExpiry } from './report-expiry';
import { sampleMetrics } from './sample-metrics';
import { createUploadRoutes } from './upload-routes';

const KEY_MISSING = 'Set WEBHOOK_SECRET_KEY: without it, webhooks are accepted from any sender.';

/**
 * Serves HTTP until `stop` aborts. Then /readyz answers 503 at once, the listeners close after
 * SHUTDOWN_DELAY, when proxies have turned to another API, and open requests are finished.
 */
export async function runApi(config: ApiConfig, logger: Logger, stop: AbortSignal): Promise<void> {
  const { webhookSecrets, admin, temporal, publicBaseUrl, resendWindowMs, uploadWatch } = config;
  allowHeapGrowth();
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  const metrics = createMetrics();
  const { anonKey } = config.upload.auth.supabase ?? {};
  reportExpiry(temporal, { SUPABASE_ANON_KEY: anonKey }, metrics.expiry);
  const database =
    admin.database && openDatabase(admin.database, { logger, metrics, expiry: metrics.expiry });
  sampleMetrics(metrics, { client, taskQueue, database });
  const runs = createNotifications({ client, taskQueue, resendWindowMs });
  const start = measureStarts(runs.start, 'notification', metrics.starts);
  const notifications = { ...runs, start };
  const options = { ...uploadWatch, resendWindowMs };
  const watches = createUploadWatches({ client, taskQueue, options });
  const watch = measureStarts(watches.watch, 'upload_watch', metrics.starts);
  const uploadWatches = { ...watches, watch };
  const webhookUrl = publicBaseUrl && `${publicBaseUrl}${boltRouteFormat.path}`;
  const upload = createUploadRoutes(config, { webhookUrl, uploadWatches, logger, metrics });
  const probes: Probe[] = [
    untilStopped(stop),
    shared(createTemporalReadiness(client)),
    () => ({ ready: true, warnings: webhookSecrets.length > 0 ? [] : [KEY_MISSING] }),
  ];
  createReadinessMetric(metrics.registry, async () => (await probeAll(probes)).ready);
  const sources = [{ format: boltRouteFormat, secrets: webhookSecrets }];
  const routers = [
    createWebhookRouter({ sources, notifications, logger, metrics }),
    ...(upload ? [upload.router] : []),
    ...(admin.token ? [createWatchRouter({ uploadWatches, adminToken: admin.token, logger })] : []),
    createOpsRouter({ probes }),
  ];
  const { registry } = metrics;
  const adminApp = createAdminApp(config, { client, database, probes, registry, logger });
  const { host } = admin;
  const adminServer = await listenOn('ADMIN_PORT', adminApp, admin.port, { host });
  const { keepAliveTimeoutMs, shutdownDelayMs } = config;
  const app = createApp({ logger, routers });
  const server = await listenOn('HTTP_PORT', app, config.port, { keepAliveTimeoutMs });
  metrics.signatureChecked.set(webhookSecrets.length > 0 ? 1 : 0);
  if (webhookSecrets.length === 0) {
    logger.error({ remedy: KEY_MISSING }, 'api.signature_not_checked');
  }
  const ports = { port: server.port, admin_port: adminServer.port };
  logger.info({ ...ports, webhook_url: webhookUrl }, 'api.listening');

  if (!stop.aborted) await once(stop, 'abort');
  logger.info({ signal: String(stop.reason) }, 'api.stopping');
  server.leave();
  await delay(shutdownDelayMs);
  await Promise.all([server.close(), adminServer.close()]);
  upload?.uploads.close();
  await database?.close();
  await client.connection.close();
  logger.info('api.stopped');
}

/** Not ready once the process is stopping, so that proxies send no more requests. */
function untilStopped(stop: AbortSignal): Probe {
  return () =>
    stop.aborted ? { ready: false, checks: ['The process is stopping'] } : { ready: true };
}
