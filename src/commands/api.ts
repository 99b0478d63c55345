import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createTaskUploads, type TaskUploads } from '../clients/provider/task-uploads';
import type { ApiConfig } from '../config/config';
import { createApp } from '../http/app';
import { type Probe, shared } from '../http/readiness';
import { createAdminRouter } from '../admin/route';
import { createOpsRouter } from '../http/ops';
import { createUploadRouter } from '../upload/route';
import { boltRouteFormat } from '../webhook/boltroute-format';
import { allowHeapGrowth } from '../webhook/heap-growth';
import { createWebhookRouter } from '../webhook/route';
import { listen } from '../http/server';
import type { Logger } from '../telemetry/logger';
import { createMetrics, type Metrics } from '../telemetry/metrics';
import { createNotifications } from '../temporal/notifications';
import { createTemporalClient } from '../temporal/client';
import { createTemporalReadiness } from '../temporal/readiness';
import { createUploadWatches, type UploadWatches } from '../temporal/upload-watches';
import { isLoopback } from '../upload/webhook-url';
import { createUploadAuth } from './upload-auth';

const KEY_MISSING = 'Set WEBHOOK_SECRET_KEY: without it, webhooks are accepted from any sender.';

/**
 * Serves HTTP until `stop` aborts. Then /readyz answers 503 at once, the listener closes after
 * SHUTDOWN_DELAY, when proxies have turned to another API, and open requests are answered.
 */
export async function runApi(config: ApiConfig, logger: Logger, stop: AbortSignal): Promise<void> {
  const { webhookSecrets, admin, temporal, publicBaseUrl, resendWindowMs, uploadWatch } = config;
  allowHeapGrowth();
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  const notifications = createNotifications({ client, taskQueue, resendWindowMs });
  const options = { ...uploadWatch, resendWindowMs };
  const uploadWatches = createUploadWatches({ client, taskQueue, options });
  const metrics = createMetrics();
  const webhookUrl = publicBaseUrl && `${publicBaseUrl}${boltRouteFormat.path}`;
  const upload = createUpload(config, webhookUrl, { uploadWatches, logger, metrics });
  const probes: Probe[] = [
    untilStopped(stop),
    shared(createTemporalReadiness(client)),
    () => ({ ready: true, warnings: webhookSecrets.length > 0 ? [] : [KEY_MISSING] }),
  ];
  const sources = [{ format: boltRouteFormat, secrets: webhookSecrets }];
  const routers = [
    createWebhookRouter({ sources, notifications, logger, metrics }),
    ...(upload ? [upload.router] : []),
    ...(admin.token ? [createAdminRouter({ uploadWatches, adminToken: admin.token, logger })] : []),
    createOpsRouter({ probes, registry: metrics.registry }),
  ];
  const { keepAliveTimeoutMs, shutdownDelayMs } = config;
  const app = createApp({ logger, routers });
  const server = await listen(app, config.port, { keepAliveTimeoutMs });
  metrics.signatureChecked.set(webhookSecrets.length > 0 ? 1 : 0);
  if (webhookSecrets.length === 0) {
    logger.error({ remedy: KEY_MISSING }, 'api.signature_not_checked');
  }
  if (!admin.token) logger.info('api.admin_route_closed');
  logger.info({ port: server.port, webhook_url: webhookUrl }, 'api.listening');

  if (!stop.aborted) await once(stop, 'abort');
  logger.info({ signal: String(stop.reason) }, 'api.stopping');
  server.leave();
  await delay(shutdownDelayMs);
  await server.close();
  upload?.uploads.close();
  await client.connection.close();
  logger.info('api.stopped');
}

/** Not ready once the process is stopping, so that proxies send no more requests. */
function untilStopped(stop: AbortSignal): Probe {
  return () =>
    stop.aborted ? { ready: false, checks: ['The process is stopping'] } : { ready: true };
}

interface UploadParts {
  uploadWatches: Pick<UploadWatches, 'watch'>;
  logger: Logger;
  metrics: Metrics;
}

/** Uploads need the URL of the provider and one for its webhook. */
function createUpload(
  { upload, publicBaseUrl }: ApiConfig,
  webhookUrl: string | undefined,
  parts: UploadParts,
): { router: ReturnType<typeof createUploadRouter>; uploads: TaskUploads } | undefined {
  const { baseUrl, maxMegabytes, callbackUrl = webhookUrl } = upload;
  if (!baseUrl || !callbackUrl) {
    const missing = baseUrl ? 'PUBLIC_BASE_URL or BULK_UPLOAD_WEBHOOK_URL' : 'EMAIL_API_BASE_URL';
    parts.logger.info({ missing }, 'api.no_upload_route');
    return undefined;
  }
  const auth = createUploadAuth(upload.auth, parts.logger);
  const allowLoopback = publicBaseUrl !== undefined && isLoopback(publicBaseUrl);
  const uploads = createTaskUploads({ baseUrl });
  const router = createUploadRouter({
    ...parts,
    uploads,
    callbackUrl,
    allowLoopback,
    auth,
    fileMaxMib: maxMegabytes,
  });
  return { router, uploads };
}
