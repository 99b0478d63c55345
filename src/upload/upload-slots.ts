import { RETRY_AFTER, refusal, unavailable } from '../http/errors';

const SLOTS_MAX = 100;
const SLOTS_MAX_PER_USER = 5;

export interface UploadSlotLimits {
  slots?: number;
  slotsPerUser?: number;
}

/** Limits concurrent uploads: each uses the client's connection, and one more for each file. */
export function createUploadSlots({
  slots = SLOTS_MAX,
  slotsPerUser = SLOTS_MAX_PER_USER,
}: UploadSlotLimits = {}) {
  const usedByUser = new Map<string, number>();
  let used = 0;

  /** Returns the function that releases the slot. Throws the refusal when no slot is free. */
  function acquire(user: string): () => void {
    const own = usedByUser.get(user) ?? 0;
    if (own >= slotsPerUser) throw tooManyUploads(slotsPerUser);
    if (used >= slots) throw unavailable();
    usedByUser.set(user, own + 1);
    used += 1;
    return function release() {
      used -= 1;
      const rest = (usedByUser.get(user) ?? 0) - 1;
      if (rest > 0) usedByUser.set(user, rest);
      else usedByUser.delete(user);
    };
  }

  return { acquire };
}

const tooManyUploads = (slots: number) =>
  refusal(
    429,
    'too_many_uploads',
    `At most ${slots} uploads of a user can run at once`,
    RETRY_AFTER,
  );
