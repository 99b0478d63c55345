import type { ApiConfig } from '../config/config';
import { createApp } from '../http/app';
import { createOpsRouter, type OpsDependencies } from '../http/ops';
import type { Logger } from '../telemetry/logger';

interface AdminParts extends OpsDependencies {
  logger: Logger;
}

/** What the admin listener serves: metrics and health always, the rest with a token and a database. */
export function createAdminApp({ admin }: ApiConfig, { probes, registry, logger }: AdminParts) {
  const missing = admin.token ? 'ADMIN_DATABASE_URL' : 'ADMIN_API_TOKEN';
  if (!admin.token || !admin.database) logger.info({ missing }, 'api.admin_api_closed');
  return createApp({ logger, routers: [createOpsRouter({ probes, registry })] });
}
