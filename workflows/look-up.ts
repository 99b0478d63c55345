import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { durableLookup, quickLookup } from './activity-options';

const quick = proxyLocalActivities<Activities>(quickLookup);
const durable = proxyActivities<Activities>(durableLookup);

/** Look-ups that cost no task-queue trip while all is well, and wait for hours when it is not. */
export const lookUp = {
  fetchTask: (taskId: string) => quickThenDurable((activities) => activities.fetchTask(taskId)),
  resolveRecipient: (userId: string) =>
    quickThenDurable((activities) => activities.resolveRecipient(userId)),
};

async function quickThenDurable<T>(
  look: (activities: Pick<Activities, 'fetchTask' | 'resolveRecipient'>) => Promise<T>,
): Promise<T> {
  try {
    return await look(quick);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return look(durable);
  }
}
