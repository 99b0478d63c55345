import { tooManyUploads, unavailable } from '../http/errors';

const SLOTS_MAX = 100;
const SLOTS_MAX_PER_USER = 5;

export interface UploadSlotLimits {
  slots?: number;
  slotsPerUser?: number;
}

/** Bounds uploads at once: each holds its client's connection, and one for each of its files. */
export function createUploadSlots({
  slots = SLOTS_MAX,
  slotsPerUser = SLOTS_MAX_PER_USER,
}: UploadSlotLimits = {}) {
  const byUser = new Map<string, number>();
  let taken = 0;

  /** Returns what gives the slot back. Throws the refusal when there is none. */
  function take(user: string): () => void {
    const own = byUser.get(user) ?? 0;
    if (own >= slotsPerUser) throw tooManyUploads(slotsPerUser);
    if (taken >= slots) throw unavailable();
    byUser.set(user, own + 1);
    taken += 1;
    return function giveBack() {
      taken -= 1;
      const left = (byUser.get(user) ?? 0) - 1;
      if (left > 0) byUser.set(user, left);
      else byUser.delete(user);
    };
  }

  return { take };
}
