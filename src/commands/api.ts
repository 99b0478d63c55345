import { once } from 'node:events';
import type { ApiConfig } from '../config';
import { createApp } from '../http/app';
import { createOpsRouter } from '../http/routes/ops';
import { createWebhookRouter, WEBHOOK_PATH } from '../http/routes/webhook';
import { listen } from '../http/server';
import type { Logger } from '../logger';
import { createMetrics } from '../metrics';
import { createNotifications } from '../notifications';
import { createTemporalClient } from '../temporal';

/** The HTTP endpoint, until `stop` aborts: then no more requests, the open answers, the client. */
export async function runApi(config: ApiConfig, logger: Logger, stop: AbortSignal): Promise<void> {
  const { webhookSecrets, temporal, publicBaseUrl, resendWindowMs } = config;
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  const notifications = createNotifications({ client, taskQueue, resendWindowMs });
  const metrics = createMetrics();
  const routers = [
    createWebhookRouter({ notifications, webhookSecrets, logger, metrics }),
    createOpsRouter({ isReady: notifications.isReachable, registry: metrics.registry }),
  ];
  const server = await listen(createApp({ logger, routers }), config.port);
  if (webhookSecrets.length === 0) logger.warn('api.signature_not_checked');
  const webhookUrl = publicBaseUrl && `${publicBaseUrl}${WEBHOOK_PATH}`;
  logger.info({ port: server.port, webhook_url: webhookUrl }, 'api.listening');

  if (!stop.aborted) await once(stop, 'abort');
  logger.info({ signal: String(stop.reason) }, 'api.stopping');
  await server.close();
  await client.connection.close();
  logger.info('api.stopped');
}
