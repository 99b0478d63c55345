import { startService } from '../../tools/sandbox/service/service-process';
import { rawUpstream } from './raw-upstream';

export type UnwatchedUploadApi = Awaited<ReturnType<typeof startUnwatchedUploadApi>>;

/**
 * An API as a process, before a provider that answers as given. Nothing listens where its Temporal
 * would be, so that uploads are accepted and logged as not watched.
 */
export async function startUnwatchedUploadApi(answer: Parameters<typeof rawUpstream>[0]) {
  const upstream = await rawUpstream(answer);
  const api = await startService('api', {
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    EMAIL_API_BASE_URL: upstream.baseUrl,
    PUBLIC_BASE_URL: 'https://notify.example',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });

  async function close(): Promise<void> {
    await api.stop('SIGKILL');
    await upstream.close();
  }

  return { api, close };
}
