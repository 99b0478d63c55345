import { CancellationScope } from '@temporalio/workflow';
import type { ResendRequest } from '../activities/types';
import type { ResendRequests } from './resend-requests';

export type Hurry = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * Waits for an activity, and when a `resend` comes meanwhile ends the wait for its next attempt: the
 * activity is cancelled and begins anew, which answers the request. An attempt that is under way is
 * waited for. If it settles the matter, the request stays: it asks for more than that.
 */
export function createHurry(
  resends: ResendRequests,
  record: (request: ResendRequest) => Promise<unknown>,
): Hurry {
  return async function hurry(run) {
    for (;;) {
      const count = resends.count();
      const attempt = new CancellationScope();
      const arrival = new CancellationScope();
      const result = attempt.run(run);
      const hurried = await Promise.race([
        result.then(no, no),
        arrival.run(() => resends.arrival(count)).then(yes, no),
      ]);
      arrival.cancel();
      if (!hurried) return result;
      attempt.cancel();
      const ended = await result.then(
        (value) => ({ value }),
        () => undefined,
      );
      if (ended && settles(ended.value)) return ended.value;
      for (const request of resends.takeAfter(count)) await record(request);
      if (ended) return ended.value;
    }
  };
}

/** A look-up that found what it was for leaves the mail still to be sent. */
function settles(result: unknown): boolean {
  return 'reason' in Object(result) || 'verdict' in Object(result);
}

const no = () => false;
const yes = () => true;
