import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { watchIdPrefix } from '../../workflows/upload-watch/watch-id';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const USER_ID = /^[\x21-\x7e]{1,64}$/;
const ADDRESS_MAX_CHARS = 320;

/** What a person looks for. A UUID may be a task's or a user's. */
export type SearchQuery =
  | { kind: 'event'; id: string }
  | { kind: 'task' | 'uuid' | 'user'; id: string }
  | { kind: 'address'; address: string };

/** Undefined for a text that cannot be any of it. */
export function parseQuery(text: string): SearchQuery | undefined {
  const given = text.trim();
  const id = given.toLowerCase();
  if (parseWorkflowId(id)) return { kind: 'event', id };
  if (UUID.test(id)) return { kind: 'uuid', id };
  const watched = id.startsWith(watchIdPrefix) ? id.slice(watchIdPrefix.length) : '';
  if (UUID.test(watched)) return { kind: 'task', id: watched };
  if (/.@./.test(given)) {
    return given.length > ADDRESS_MAX_CHARS ? undefined : { kind: 'address', address: given };
  }
  return USER_ID.test(given) ? { kind: 'user', id: given } : undefined;
}
