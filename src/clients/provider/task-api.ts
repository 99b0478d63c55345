import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Pool } from 'undici';
import { z } from 'zod';
import { withTimeLimit } from '../../../activities/time-limit';
import { trimBlanks } from '../../../workflows/core/trim-blanks';
import type { Task } from '../../../workflows/core/decision';
import type { TaskApi, TaskApiFault } from '../../../activities/task/task-api';
import { type JsonFault, parseBoundedJson } from '../../parse/bounded-json';
import { count, fileName, shortId, userId, word } from '../../parse/scalars';
import { describeRefusal, readRefusal } from './refusal';
import { readBounded } from '../read-bounded';
import { retryAfterMs } from './retry-after';

const TIMEOUT_MS = 30_000;
/** A task of 10,000 jobs is about 6 MB. The API cannot leave the jobs out. */
const ANSWER_MAX_BYTES = 32 * 2 ** 20;

const flag = z.boolean().optional().catch(undefined);
const fileShape = z
  .object({ upload_id: shortId, filename: fileName, email_count: count, status: word })
  .optional()
  .catch(undefined);
/** BoltRoute's answer to `GET /tasks/{id}`: only the fields that are used. */
const taskShape = z.object({
  id: z.string().nullish(),
  user_id: userId,
  file_name: fileName,
  is_file_backed: flag,
  file: fileShape,
});

interface TaskApiConfig {
  /** Such as `https://api.boltroute.ai/api/v1`. */
  baseUrl: string;
  key: string;
}

type Headers = Record<string, string | string[] | undefined>;

/** By undici's own client, which follows no redirect: fetch takes a multiple of its CPU. */
export function createTaskApi({ baseUrl, key }: TaskApiConfig): TaskApi {
  const { origin, pathname } = new URL(baseUrl);
  const provider = new Pool(origin);
  const tasksPath = `${pathname.replace(/\/$/, '')}/tasks`;
  const headers = {
    Authorization: `Bearer ${key}`,
    Accept: 'application/json',
    'Accept-Encoding': 'gzip',
    'User-Agent': 'bulk-notify',
  };

  async function ask(taskId: string, signal: AbortSignal) {
    const path = `${tasksPath}/${encodeURIComponent(taskId)}`;
    const response = await provider.request({ method: 'GET', path, headers, signal });
    const body = decode(response.body, response.headers);
    return { response, bytes: await readBounded({ body }, ANSWER_MAX_BYTES) };
  }

  async function fetchTask(taskId: string, stop: AbortSignal): Promise<Task | TaskApiFault> {
    let answer: Awaited<ReturnType<typeof ask>>;
    try {
      answer = await withTimeLimit(TIMEOUT_MS, stop, (signal) => ask(taskId, signal));
    } catch (err) {
      stop.throwIfAborted();
      const cause = causeOf(err);
      return { ...unavailable(`the provider did not answer (${cause})`), cause };
    }
    const { response, bytes } = answer;
    if (!bytes) return unavailable("the provider's answer is too large");
    const json = parseBoundedJson(bytes);
    const { statusCode: status } = response;
    if (status < 200 || status > 299) {
      return toFault(status, response.headers, 'value' in json ? json.value : undefined);
    }
    return 'value' in json ? toTask(taskId, json.value) : UNREADABLE[json.fault];
  }

  return { fetchTask };
}

/** A task of 10,000 jobs is a tenth as large in gzip. */
function decode(body: Readable, headers: Headers): Readable {
  if (!/^(?:x-)?gzip$/i.test(String(headers['content-encoding']))) return body;
  return pipeline(body, createGunzip(), () => undefined);
}

const unavailable = (message: string): TaskApiFault => ({ fault: 'unavailable', message });
const NO_TASK = unavailable("the provider's answer is not a task");
const UNREADABLE: Record<JsonFault, TaskApiFault> = {
  too_many_members: unavailable("the provider's answer has too many members"),
  not_utf8: NO_TASK,
  not_json: NO_TASK,
};

function toTask(taskId: string, json: unknown): Task | TaskApiFault {
  const parsed = taskShape.safeParse(json);
  if (!parsed.success) return NO_TASK;
  const { id, user_id, file_name, is_file_backed, file } = parsed.data;
  const given = trimBlanks(id ?? '').toLowerCase();
  if (given && given !== taskId) {
    return unavailable('the provider answered with another task');
  }
  // Without an ID, `{}` and `{"detail": …}` would pass for a task.
  if (!given && is_file_backed === undefined && !file) return NO_TASK;
  return {
    id: taskId,
    userId: user_id,
    fileBacked: is_file_backed === true || !!file?.upload_id || !!file?.filename,
    fileName: file?.filename ?? file_name,
    emailCount: file?.email_count,
    fileStatus: file?.status?.toLowerCase(),
  };
}

function toFault(status: number, headers: Headers, json: unknown): TaskApiFault {
  return {
    fault: faultOf(status),
    message: describeRefusal(status, readRefusal(json, headers['x-request-id']?.toString())),
    status,
    retryAfterMs: retryAfterMs(headers['retry-after']?.toString()),
  };
}

function faultOf(status: number): TaskApiFault['fault'] {
  if (status === 404 || status === 410) return 'not_found';
  return status === 401 || status === 403 ? 'unauthorized' : 'unavailable';
}

/** The code of the system or of undici. */
function causeOf(err: unknown): string {
  const { name, code } = err as { name: string; code?: unknown };
  return typeof code === 'string' ? code : name;
}
