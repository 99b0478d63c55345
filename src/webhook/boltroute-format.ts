import { z } from 'zod';
import { type JsonFault, parseBoundedJson } from '../parse/bounded-json';
import { count, userId, uuid, word } from '../parse/scalars';
import type { ParsedWebhook, WebhookFormat } from './format';
import { isSignature, matchingSecret } from './signature';

/** BoltRoute's `email_verification_completed` webhook. */
export const boltRouteFormat: WebhookFormat = {
  path: '/api/tasks/webhooks/bulk-upload',
  signatureHeader: 'x-webhook-signature',
  isSignature,
  verify: matchingSecret,
  parse,
};

const MALFORMED: Record<JsonFault, string> = {
  too_many_members: 'JSON has too many members',
  not_utf8: 'Body is not UTF-8',
  not_json: 'Body is not JSON',
};

const envelope = z.looseObject({ event_type: word, task_id: uuid, data: z.unknown().optional() });

/** `jobs` can hold megabytes; only its length is read. */
const completion = z.object({
  stats: z.object({ total: count, completed: count, failed: count }),
  jobs: z.custom<unknown[]>(Array.isArray),
  user_id: userId,
});

/** A webhook that starts a notification. */
export const webhookBody = envelope.extend({ data: completion });

function parse(body: Buffer): ParsedWebhook {
  const json = parseBoundedJson(body);
  if ('fault' in json) return { malformed: MALFORMED[json.fault] };
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success) return { malformed: 'Body is not a JSON object' };
  const { event_type: eventType, task_id: taskId, data } = parsed.data;
  if (eventType !== 'email_verification_completed') return { ignored: 'event_type_not_supported' };
  if (!taskId) return { ignored: 'task_id_missing' };
  const completed = completion.safeParse(data);
  if (!completed.success) return { ignored: 'not_task_completion' };
  const { stats, jobs, user_id } = completed.data;
  return { event: { taskId, userId: user_id, stats, jobCount: jobs.length } };
}
