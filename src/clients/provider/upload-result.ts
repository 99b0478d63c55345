import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { parseJson } from '../../parse/parse-json';
import { count, fileName, shortId, text, uuid, word } from '../../parse/scalars';
import { readBounded } from '../read-bounded';
import { describeRefusal, readRefusal } from './refusal';
import { retryAfterMs } from './retry-after';

const ANSWER_MAX_BYTES = 64 * 2 ** 10;

/** BoltRoute's answer to `POST /tasks/batch/upload`. */
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

/** Why the provider does not have the file, or may not have it. */
export type UploadFault = ProviderFault & {
  /** The whole form was sent, so that without an answer the provider may have accepted the file. */
  sent: boolean;
};

export type ProviderFault = { message: string } & (
  | { fault: 'refused'; status: number; code?: string; reason?: string; retryAfterMs?: number }
  | { fault: 'timed_out' | 'no_answer' | 'unreadable' }
  | { fault: 'incomplete'; missing: 'task_id' | 'email_count'; taskId?: string; uploadId?: string }
);

/** Reads the provider's answer. Never rejects. */
export async function readUploadResult(
  incoming: IncomingMessage,
): Promise<Uploaded | ProviderFault> {
  const { statusCode: status = 0, headers } = incoming;
  let body: Buffer | undefined;
  try {
    body = await readBounded({ body: incoming }, ANSWER_MAX_BYTES);
  } catch (err) {
    return noAnswer(err);
  }
  const json = body && parseJson(body);
  if (status >= 400 && status <= 599) return toRefused(status, headers, json);
  const parsed = uploadedShape.safeParse(json);
  if (status < 200 || status >= 300 || !parsed.success) {
    return { fault: 'unreadable', message: `the provider answered ${status} without an upload` };
  }
  return toUploaded(parsed.data);
}

function toUploaded(answer: z.infer<typeof uploadedShape>): Uploaded | ProviderFault {
  const { task_id: taskId, upload_id: uploadId, email_count: emailCount } = answer;
  if (taskId === undefined || emailCount === undefined) {
    const missing = taskId === undefined ? 'task_id' : 'email_count';
    const message = `the provider's answer has no ${missing}`;
    return { fault: 'incomplete', missing, taskId, uploadId, message };
  }
  const { filename: fileName, status, message, uploaded_at: uploadedAt } = answer;
  return { taskId, uploadId, fileName, emailCount, status, message, uploadedAt };
}

function toRefused(
  status: number,
  headers: IncomingMessage['headers'],
  json: unknown,
): ProviderFault {
  const refusal = readRefusal(json, headers['x-request-id']?.toString());
  return {
    fault: 'refused',
    status,
    code: refusal.code,
    reason: refusal.message,
    retryAfterMs: retryAfterMs(headers['retry-after']),
    message: describeRefusal(status, refusal),
  };
}

/** Names only the system's code, because the error's message may hold an address or a header. */
export function noAnswer(err: unknown): ProviderFault {
  const { name, code } = err as { name: string; code?: string };
  return { fault: 'no_answer', message: `the provider did not answer (${code ?? name})` };
}
