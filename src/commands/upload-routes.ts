import { createTaskUploads, type TaskUploads } from '../clients/provider/task-uploads';
import type { ApiConfig } from '../config/config';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { UploadWatches } from '../temporal/upload-watches';
import { createUploadRouter } from '../upload/route';
import { isLoopback } from '../upload/webhook-url';
import { createUploadAuth } from './upload-auth';

interface UploadParts {
  webhookUrl: string | undefined;
  uploadWatches: Pick<UploadWatches, 'watch'>;
  logger: Logger;
  metrics: Metrics;
}

/** Uploads need the URL of the provider and one for its webhook. */
export function createUploadRoutes(
  { upload, publicBaseUrl }: ApiConfig,
  { webhookUrl, ...parts }: UploadParts,
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
