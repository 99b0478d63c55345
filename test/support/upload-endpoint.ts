import type { WatchedUpload } from '../../workflows/upload-watch/messages';
import { createTaskUploads } from '../../src/clients/provider/task-uploads';
import { createApp } from '../../src/http/app';
import { createUploadRouter, UPLOAD_PATH, type UploadDependencies } from '../../src/upload/route';
import { listen } from '../../src/http/server';
import { createMetrics } from '../../src/telemetry/metrics';
import { capturedLogger } from './captured-logger';
import { fetch } from './recorded-fetch';
import { type FormPart, formBody, formType } from './upload-form';

export type UploadEndpoint = Awaited<ReturnType<typeof startUploadEndpoint>>;

export const CALLBACK_URL = 'https://notify.example/api/tasks/webhooks/bulk-upload';
export const USER_ID = '1b671a64-40d5-491e-99b0-da01ff1f3341';

const segment = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
/** Good enough where the check is left to the provider, whose stub checks no signature either. */
export const USER_TOKEN = `${segment({ alg: 'HS256' })}.${segment({ sub: USER_ID })}.signature`;

type Options = Partial<Omit<UploadDependencies, 'uploadWatches'>> & {
  watch?: UploadDependencies['uploadWatches']['watch'];
  timeout?: number;
};

/** The upload route on a free port, before the provider at `baseUrl`, with watches in memory. */
export async function startUploadEndpoint(
  baseUrl: string,
  { watch, timeout, ...deps }: Options = {},
) {
  const watched: WatchedUpload[] = [];
  const metrics = createMetrics();
  const log = capturedLogger();
  const uploads = createTaskUploads({ baseUrl, timeoutMs: timeout });
  const router = createUploadRouter({
    uploads,
    uploadWatches: {
      watch: watch ?? (async (upload) => watched.push(upload) > 0),
    },
    callbackUrl: CALLBACK_URL,
    allowLoopback: false,
    auth: {},
    fileMaxMib: 10,
    logger: log.logger,
    metrics,
    ...deps,
  });
  const server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
  const url = `http://127.0.0.1:${server.port}${UPLOAD_PATH}`;

  async function send(
    body: FormData | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    query = '',
  ) {
    const response = await fetch(url + query, {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${USER_TOKEN}`, ...headers },
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  return {
    url,
    port: server.port,
    log,
    /** The uploads whose watch has started. */
    watched,
    send,
    post: (parts: FormPart[], query = '') =>
      send(new Uint8Array(formBody(parts)), { 'Content-Type': formType }, query),
    /** Uploads by answer. */
    async answers(): Promise<Record<string, number>> {
      const { values } = await metrics.uploads.get();
      const counted = values.filter(({ value }) => value > 0);
      return Object.fromEntries(counted.map(({ labels, value }) => [labels.answer, value]));
    },
    async unwatched(): Promise<number> {
      return (await metrics.unwatchedUploads.get()).values[0]?.value ?? 0;
    },
    async close() {
      await server.close();
      uploads.close();
    },
  };
}
