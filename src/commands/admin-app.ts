import { createAdminApi } from '../admin/api/route';
import { createOpenApiRouter } from '../admin/openapi-route';
import { createAdminPage } from '../admin/page/route';
import type { Database } from '../clients/postgres/database';
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
  database: Database | undefined;
  logger: Logger;
}

/** What the admin listener serves: metrics, health and the description of all routes always. */
export function createAdminApp(config: ApiConfig, { probes, registry, ...parts }: AdminParts) {
  return createApp({
    logger: parts.logger,
    routers: [
      createOpsRouter({ probes, registry }),
      createOpenApiRouter(createOpenApiDocument(config.publicBaseUrl)),
      ...createDoors(config, parts),
    ],
  });
}

/** The admin API and the page for support; without a token or a database there is neither. */
function createDoors(
  { admin, temporal, resendWindowMs, sender }: ApiConfig,
  { client, database, logger }: DoorParts,
) {
  const { token: adminToken, temporalUiUrl, giveUpAfterMs } = admin;
  if (!adminToken || !database) {
    logger.info(
      { missing: adminToken ? 'ADMIN_DATABASE_URL' : 'ADMIN_API_TOKEN' },
      'api.admin_api_closed',
    );
    return [];
  }
  const settings = { temporal, resendWindowMs, temporalUiUrl, giveUpAfterMs };
  const { previewsOf, ...parts } = createOperator(settings, { client, database, logger });
  const operator = { ...parts, previews: sender && previewsOf(sender) };
  const page = { ...operator, adminToken, logger, now: () => new Date() };
  return [createAdminApi({ operator, adminToken, logger }), createAdminPage(page)];
}
