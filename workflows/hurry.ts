import { CancellationScope } from '@temporalio/workflow';
import type { ResendRequest } from '../activities/types';
import type { ResendRequests } from './resend-requests';

/**
 * Waits for an activity, and when a `resend` comes meanwhile ends the wait for its next attempt: the
 * activity is cancelled and begins anew. What it has submitted already is waited for.
 */
export function createHurry(
  resends: ResendRequests,
  record: (request: ResendRequest) => Promise<unknown>,
) {
  return async function hurry<T>(run: () => Promise<T>): Promise<T> {
    for (;;) {
      const scope = new CancellationScope();
      const attempt = scope.run(run);
      const waiting = new CancellationScope();
      const hurried = await Promise.race([
        attempt.then(no, no),
        waiting.run(resends.arrival).then(yes, no),
      ]);
      waiting.cancel();
      if (!hurried) return attempt;
      scope.cancel();
      const ended = await attempt.then(
        (value) => ({ value }),
        () => undefined,
      );
      for (const request of resends.takeAll()) await record(request);
      if (ended) return ended.value;
    }
  };
}

const no = () => false;
const yes = () => true;
