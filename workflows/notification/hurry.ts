import { CancellationScope } from '@temporalio/workflow';
import type { FirstTry } from '../../activities/notify-at-once';
import type { ResendRequest } from '../../activities/ledger';
import type { NotificationOptions } from './messages';
import type { ResendRequests } from './resend-requests';

/** `again`: a `resend` has ended the wait before. */
export type Hurry = <T>(run: (again: boolean) => Promise<T>) => Promise<T>;

/**
 * Waits for an activity, and when a `resend` comes meanwhile ends the wait for its next attempt: the
 * activity is cancelled and begins anew, which answers the request. An attempt that is under way is
 * waited for. If it settles the matter, the request stays: it asks for more than that.
 *
 * A request that came before the activity counts as one that came meanwhile: a worker that got its
 * workflow task late sees it come while the local activity runs, a replay sees it there before.
 */
export function createHurry(
  resends: ResendRequests,
  record: (request: ResendRequest) => Promise<unknown>,
  { hurriedByAll = false }: Pick<NotificationOptions, 'hurriedByAll'>,
): Hurry {
  return async function hurry(run) {
    const count = hurriedByAll ? 0 : resends.count();
    for (let again = false; ; again = true) {
      const attempt = new CancellationScope();
      resends.onArrival(() => attempt.cancel());
      const ended = await attempt
        .run(() => run(again))
        .then(toValue, (err: unknown) => {
          if (resends.count() === count) throw err;
          return undefined;
        });
      resends.onArrival(undefined);
      const requests = ended && settles(ended.value) ? [] : resends.takeAfter(count);
      for (const request of requests) await record(request);
      if (ended) return ended.value;
    }
  };
}

const toValue = <T>(value: T) => ({ value });

/** A look-up that found what it was for leaves the mail still to be sent. */
function settles(result: unknown): boolean {
  const { task, recipient, sent } = Object(result) as FirstTry;
  return [result, task, recipient, sent].some(
    (step) => 'reason' in Object(step) || 'verdict' in Object(step),
  );
}
