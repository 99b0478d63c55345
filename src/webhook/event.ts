import { z } from 'zod';
import type { BulkUploadEvent } from '../../activities/types';
import { count, text, userId, uuid } from '../scalars';

export type IgnoredReason = 'event_type_not_supported' | 'task_id_missing' | 'not_task_completion';

export type ParsedWebhook =
  { event: BulkUploadEvent } | { ignored: IgnoredReason } | { malformed: string };

/** Far above 10,000 jobs of a dozen objects each; JSON.parse of as many takes under 0.1 s. */
const MAX_CONTAINERS = 250_000;
const OPENING_BRACKETS = [0x5b, 0x7b];

const envelope = z.looseObject({ event_type: text, task_id: uuid, data: z.unknown().optional() });

/** `jobs` may be MBs: only its length is read. */
const completion = z.object({
  stats: z.object({ total: count, completed: count, failed: count }),
  jobs: z.custom<unknown[]>(Array.isArray),
  user_id: userId,
});

/** Raw bytes of a webhook to a typed event, or the reason why it asks for nothing. */
export function parseWebhook(body: Buffer): ParsedWebhook {
  if (hasTooManyContainers(body)) return { malformed: 'JSON has too many objects and arrays' };
  const json = parseJson(body);
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return { malformed: 'Body is not a JSON object' };
  const { event_type: eventType, task_id: taskId, data } = parsed.data;
  if (eventType !== 'email_verification_completed') return { ignored: 'event_type_not_supported' };
  if (!taskId) return { ignored: 'task_id_missing' };
  const completed = completion.safeParse(data);
  if (!completed.success) return { ignored: 'not_task_completion' };
  const { stats, jobs, user_id } = completed.data;
  return { event: { taskId, userId: user_id, stats, jobCount: jobs.length } };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Bounds depth and size of the tree before it is built: nesting costs a byte a level. */
function hasTooManyContainers(body: Buffer): boolean {
  let containers = 0;
  for (const bracket of OPENING_BRACKETS) {
    for (let at = body.indexOf(bracket); at !== -1; at = body.indexOf(bracket, at + 1)) {
      containers += 1;
      if (containers > MAX_CONTAINERS) return true;
    }
  }
  return false;
}
