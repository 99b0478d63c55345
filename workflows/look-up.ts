import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { durableLookup, quickLookup } from './activity-options';
import type { Hurry } from './hurry';

const quick = proxyLocalActivities<Activities>(quickLookup);
const durable = proxyActivities<Activities>(durableLookup);

const patiently: Hurry = (run) => run();

/**
 * A short call that costs no task-queue trip while all is well, and waits for hours when it is not;
 * `hurry` is for a wait that a `resend` is to end.
 */
export function quickThenDurable<T>(
  call: (activities: Activities) => Promise<T>,
  hurry: Hurry = patiently,
): Promise<T> {
  return call(quick).catch((err: unknown) => {
    if (isCancellation(err)) throw err;
    return hurry(() => call(durable));
  });
}
