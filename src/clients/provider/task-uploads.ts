import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { z } from 'zod';
import { parseJson } from '../../parse/parse-json';
import { count, fileName, shortId, text, uuid, word } from '../../parse/scalars';
import { describeRefusal, readRefusal } from './refusal';
import { readBounded } from '../read-bounded';
import { retryAfterMs } from './retry-after';

/** Milliseconds for the provider to take a piece of a file, and to answer when it has all of it. */
const TIMEOUT = 30_000;
const LARGEST_ANSWER = 64 * 2 ** 10;
/** Idle connections are given up before the usual servers do, so that no upload meets a dead one. */
const KEEP_ALIVE = { keepAlive: true, maxFreeSockets: 16, timeout: 4_000 };

/** What the provider says of a file it took (BoltRoute, POST /tasks/batch/upload). */
const uploadedShape = z.object({
  task_id: uuid,
  upload_id: shortId,
  filename: fileName,
  email_count: count,
  status: word,
  message: text,
  uploaded_at: word,
});

export interface Uploaded {
  taskId: string;
  uploadId?: string;
  fileName?: string;
  emailCount: number;
  status?: string;
  message?: string;
  uploadedAt?: string;
}

/** Why a file is not at the provider, or not known to be. */
export type UploadFault = Fault & {
  /** All of the form has left: without an answer, the provider may have taken the file. */
  sent: boolean;
};

type Fault = { message: string } & (
  | { fault: 'refused'; status: number; code?: string; reason?: string; retryAfterMs?: number }
  | { fault: 'timed_out' | 'no_answer' | 'unreadable' }
  | { fault: 'incomplete'; missing: 'task_id' | 'email_count'; taskId?: string; uploadId?: string }
);

const TOO_EARLY: Fault = {
  fault: 'unreadable',
  message: 'the provider answered before the end of the form',
};

type FormFields = Record<string, string | undefined>;

export interface OpenUpload {
  /** Resolves when the provider has room for more; bytes after its answer are dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the form with these fields: only now the provider can take the file. */
  finish(fields: FormFields): Promise<Uploaded | UploadFault>;
  /** Cuts the connection, unless the upload is over. Without the end of its form it is void. */
  abort(): void;
}

export interface TaskUploads {
  /** Begins an upload in the name of the bearer of the token. */
  open(upload: { token: string; fileName: string }): OpenUpload;
  close(): void;
}

/** Uploads to the provider, as streams. */
export function createTaskUploads({ baseUrl, timeout = TIMEOUT }: TaskUploadsConfig): TaskUploads {
  const url = new URL(`${baseUrl}/tasks/batch/upload`);
  const secure = url.protocol === 'https:';
  const agent = secure ? new HttpsAgent(KEEP_ALIVE) : new HttpAgent(KEEP_ALIVE);
  const request = secure ? requestHttps : requestHttp;

  function open({ token, fileName }: { token: string; fileName: string }): OpenUpload {
    const boundary = `----form-${randomBytes(16).toString('hex')}`;
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
    };
    const outgoing = request(url, { method: 'POST', agent, headers });
    const head = fileHead(boundary, fileName);

    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    let sent = false;
    let over = false;
    /** Ends the wait for room. */
    let wake = (): void => {};
    let settle: (result: Uploaded | UploadFault) => void;
    const result = new Promise<Uploaded | UploadFault>((resolve) => (settle = resolve));

    function finishWith(settled: Uploaded | Fault): void {
      if (over) return;
      over = true;
      clearTimeout(timer);
      settle('fault' in settled ? { ...settled, sent } : settled);
      wake();
      // An answer before the end of the form: the provider wants no more of it.
      if (!sent) outgoing.destroy();
    }

    function expectProgress(): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        finishWith({ fault: 'timed_out', message: 'the provider did not answer in time' });
        outgoing.destroy();
      }, timeout);
    }

    outgoing.on('finish', () => (sent = true));
    outgoing.on('error', (err) => finishWith(noAnswer(err)));
    outgoing.on('response', (incoming) => {
      const early = !ended;
      void readAnswer(incoming).then((answer) =>
        finishWith(early && 'emailCount' in answer ? TOO_EARLY : answer),
      );
    });

    function send(bytes: Uint8Array | string): Promise<void> {
      if (over) return Promise.resolve();
      expectProgress();
      return new Promise((resolve) => {
        wake = resolve;
        outgoing.write(bytes, () => resolve());
      });
    }

    let begun = false;
    return {
      async write(bytes) {
        if (!begun) await send(head);
        begun = true;
        await send(bytes);
        // While the caller waits for its own client, the provider owes nothing.
        clearTimeout(timer);
      },
      finish(fields) {
        ended = true;
        if (!over) {
          expectProgress();
          outgoing.end(formTail(boundary, fields));
        }
        return result;
      },
      abort() {
        finishWith({ fault: 'no_answer', message: 'the upload was given up' });
      },
    };
  }

  return { open, close: () => agent.destroy() };
}

interface TaskUploadsConfig {
  /** Such as `https://api.boltroute.ai/api/v1`. */
  baseUrl: string;
  timeout?: number;
}

async function readAnswer(incoming: IncomingMessage): Promise<Uploaded | Fault> {
  const { statusCode: status = 0, headers } = incoming;
  let body: Buffer | undefined;
  try {
    body = await readBounded({ body: incoming }, LARGEST_ANSWER);
  } catch (err) {
    return noAnswer(err);
  }
  const json = body && parseJson(body);
  if (status >= 400 && status <= 599) return toRefused(status, headers, json);
  const parsed = uploadedShape.safeParse(json);
  if (status < 200 || status >= 300 || !parsed.success) {
    return { fault: 'unreadable', message: `the provider answered ${status} and no upload` };
  }
  return toUploaded(parsed.data);
}

function toUploaded(answer: z.infer<typeof uploadedShape>): Uploaded | Fault {
  const { task_id: taskId, upload_id: uploadId, email_count: emailCount } = answer;
  if (taskId === undefined || emailCount === undefined) {
    const missing = taskId === undefined ? 'task_id' : 'email_count';
    const message = `the provider's answer has no ${missing}`;
    return { fault: 'incomplete', missing, taskId, uploadId, message };
  }
  const { filename: fileName, status, message, uploaded_at: uploadedAt } = answer;
  return { taskId, uploadId, fileName, emailCount, status, message, uploadedAt };
}

function toRefused(status: number, headers: IncomingMessage['headers'], json: unknown): Fault {
  const refusal = readRefusal(json, headers['x-request-id']?.toString());
  return {
    fault: 'refused',
    status,
    code: refusal.code,
    reason: refusal.message,
    retryAfterMs: retryAfterMs(headers['retry-after'] ?? null),
    message: describeRefusal(status, refusal),
  };
}

/** The system's code only: no address, no header. */
function noAnswer(err: unknown): Fault {
  const { name, code } = err as { name: string; code?: string };
  return { fault: 'no_answer', message: `the provider did not answer (${code ?? name})` };
}

function fileHead(boundary: string, fileName: string): string {
  return (
    `--${boundary}\r\n` +
    `Content-Disposition: form-data; name="file"; filename="${escapeQuotes(fileName)}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n'
  );
}

function formTail(boundary: string, fields: FormFields): string {
  const parts = Object.entries(fields).map(([name, value]) =>
    value === undefined
      ? ''
      : `\r\n--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
  );
  return `${parts.join('')}\r\n--${boundary}--\r\n`;
}

/**
 * With a backslash, which servers undo (RFC 7578 §4.2 with RFC 2183); few undo the %22 of browsers.
 * File names with a backslash or a line break of their own are refused before.
 */
function escapeQuotes(fileName: string): string {
  return fileName.replace(/["\\]/g, '\\$&').replace(/[\r\n]/g, ' ');
}
