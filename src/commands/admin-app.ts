import { createOpenApiRouter } from '../admin/openapi-route';
import type { ApiConfig } from '../config/config';
import { createApp } from '../http/app';
import { createOpsRouter, type OpsDependencies } from '../http/ops';
import { createOpenApiDocument } from '../openapi/document';
import type { Logger } from '../telemetry/logger';

interface AdminParts extends OpsDependencies {
  logger: Logger;
}

/** What the admin listener serves: metrics, health and the description of all routes always. */
export function createAdminApp(config: ApiConfig, { probes, registry, logger }: AdminParts) {
  const { token, database } = config.admin;
  const missing = token ? 'ADMIN_DATABASE_URL' : 'ADMIN_API_TOKEN';
  if (!token || !database) logger.info({ missing }, 'api.admin_api_closed');
  const app = createApp({
    logger,
    routers: [
      createOpsRouter({ probes, registry }),
      createOpenApiRouter(createOpenApiDocument(config.publicBaseUrl)),
    ],
  });
  return { app, close: () => Promise.resolve() };
}
