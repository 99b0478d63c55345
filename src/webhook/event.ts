import { z } from 'zod';
import type { BulkUploadEvent } from '../../activities/types';
import { type JsonFault, parseBoundedJson } from '../parse/bounded-json';
import { count, userId, uuid, word } from '../parse/scalars';

export type IgnoredReason = 'event_type_not_supported' | 'task_id_missing' | 'not_task_completion';

/** What the body says; whether that counts, its signature tells. */
export type WebhookEvent = Omit<BulkUploadEvent, 'isVerified'>;

export type ParsedWebhook =
  { event: WebhookEvent } | { ignored: IgnoredReason } | { malformed: string };

const MALFORMED: Record<JsonFault, string> = {
  too_many_members: 'JSON has too many members',
  not_utf8: 'Body is not UTF-8',
  not_json: 'Body is not JSON',
};

const envelope = z.looseObject({ event_type: word, task_id: uuid, data: z.unknown().optional() });

/** `jobs` may be MBs: only its length is read. */
const completion = z.object({
  stats: z.object({ total: count, completed: count, failed: count }),
  jobs: z.custom<unknown[]>(Array.isArray),
  user_id: userId,
});

/** Raw bytes of a webhook to a typed event, or the reason why it asks for nothing. */
export function parseWebhook(body: Buffer): ParsedWebhook {
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
