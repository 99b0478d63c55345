import type { Client } from '@temporalio/client';
import { bulkTaskQueue } from '../../workflows/bulk-resend/messages';
import { sendTaskQueue } from '../../workflows/notification/messages';
import { checksTaskQueue } from '../../workflows/upload-watch/messages';
import type { Pollers } from '../operator/sample-waiting';

/** Of Temporal's own enum of task queue types. */
const TYPES = { workflow: 1, activity: 2 } as const;
const DESCRIBE_TIMEOUT_MS = 4_000;

/** The task queues of the service, by what waits in them. */
export function taskQueueNames(taskQueue: string): Record<Pollers['taskQueue'], string> {
  return {
    notifications: taskQueue,
    sends: sendTaskQueue(taskQueue),
    upload_checks: checksTaskQueue(taskQueue),
    bulk_resends: bulkTaskQueue(taskQueue),
  };
}

/** How many workers poll each task queue of the service, as Temporal sees it. */
export function createPollerCount(client: Client, taskQueue: string): () => Promise<Pollers[]> {
  const names = taskQueueNames(taskQueue);
  const polled: [Pollers['taskQueue'], Pollers['type']][] = [
    ['notifications', 'workflow'],
    ['notifications', 'activity'],
    ['sends', 'activity'],
    ['upload_checks', 'activity'],
    ['bulk_resends', 'activity'],
  ];

  async function count([queue, type]: (typeof polled)[number]): Promise<Pollers> {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: names[queue] },
      taskQueueType: TYPES[type],
    });
    return { taskQueue: queue, type, pollers: pollers?.length ?? 0 };
  }

  return () =>
    client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () => Promise.all(polled.map(count)));
}
