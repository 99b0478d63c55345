import { createAdminApi } from '../admin/api/route';
import { createOpenApiRouter } from '../admin/openapi-route';
import { createAdminPage } from '../admin/page/route';
import type { ApiConfig } from '../config/config';
import { createApp } from '../http/app';
import { createOpsRouter, type OpsDependencies } from '../http/ops';
import { createOpenApiDocument } from '../openapi/document';
import type { Logger } from '../telemetry/logger';
import type { createTemporalClient } from '../temporal/client';
import { createOperator } from './create-operator';

interface AdminParts extends OpsDependencies, DoorParts {}

interface DoorParts {
  client: ReturnType<typeof createTemporalClient>;
  logger: Logger;
}

/** What the admin listener serves: metrics, health and the description of all routes always. */
export function createAdminApp(config: ApiConfig, { probes, registry, ...parts }: AdminParts) {
  const { routers, close } = createDoors(config, parts);
  const app = createApp({
    logger: parts.logger,
    routers: [
      createOpsRouter({ probes, registry }),
      createOpenApiRouter(createOpenApiDocument(config.publicBaseUrl)),
      ...routers,
    ],
  });
  return { app, close };
}

/** The admin API and the page for support; without a token or a database there is neither. */
function createDoors(
  { admin, temporal, resendWindowMs, sender }: ApiConfig,
  { client, logger }: DoorParts,
) {
  const { token: adminToken, database, temporalUiUrl, giveUpAfterMs } = admin;
  if (!adminToken || !database) {
    logger.info(
      { missing: adminToken ? 'ADMIN_DATABASE_URL' : 'ADMIN_API_TOKEN' },
      'api.admin_api_closed',
    );
    return { routers: [], close: () => Promise.resolve() };
  }
  const settings = { temporal, database, resendWindowMs, temporalUiUrl, giveUpAfterMs };
  const { previewsOf, ...parts } = createOperator(settings, { client, logger });
  const operator = { ...parts, previews: sender && previewsOf(sender) };
  const page = { ...operator, adminToken, logger, now: () => new Date() };
  return {
    routers: [createAdminApi({ operator, adminToken, logger }), createAdminPage(page)],
    close: () => parts.close(),
  };
}
