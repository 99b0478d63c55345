import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { durableLookup, quickLookup } from './activity-options';

const quick = proxyLocalActivities<Activities>(quickLookup);
const durable = proxyActivities<Activities>(durableLookup);

/**
 * A short call that costs no task-queue trip while all is well, and waits for hours when it is not;
 * `whileWaiting` wraps that wait.
 */
export async function quickThenDurable<T>(
  call: (activities: Activities) => Promise<T>,
  whileWaiting: (wait: () => Promise<T>) => Promise<T> = (wait) => wait(),
): Promise<T> {
  try {
    return await call(quick);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return whileWaiting(() => call(durable));
  }
}
