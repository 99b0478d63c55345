import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { openUpload, type OpenUpload } from './open-upload';
import { createUploadForm } from './upload-form';

/** For the provider to accept a chunk of a file, and to answer after the end of the form. */
const PROGRESS_TIMEOUT_MS = 30_000;
/** Idle connections are closed before common servers close them, so that no upload uses a dead one. */
const KEEP_ALIVE = { keepAlive: true, maxFreeSockets: 16, timeout: 4_000 };

export interface TaskUploads {
  /** Starts an upload on behalf of the user with this token. */
  open(upload: { token: string; fileName: string }): OpenUpload;
  close(): void;
}

interface TaskUploadsConfig {
  /** Such as `https://api.boltroute.ai/api/v1`. */
  baseUrl: string;
  timeoutMs?: number;
}

/** Streams files to the provider. */
export function createTaskUploads({
  baseUrl,
  timeoutMs = PROGRESS_TIMEOUT_MS,
}: TaskUploadsConfig): TaskUploads {
  const url = new URL(`${baseUrl}/tasks/batch/upload`);
  const secure = url.protocol === 'https:';
  const agent = secure ? new HttpsAgent(KEEP_ALIVE) : new HttpAgent(KEEP_ALIVE);
  const request = secure ? requestHttps : requestHttp;

  return {
    open({ token, fileName }) {
      const form = createUploadForm(`----form-${randomBytes(16).toString('hex')}`, fileName);
      const headers = {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json',
        'Content-Type': form.contentType,
      };
      return openUpload(request(url, { method: 'POST', agent, headers }), form, timeoutMs);
    },
    close: () => agent.destroy(),
  };
}
