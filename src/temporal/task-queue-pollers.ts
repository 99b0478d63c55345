import type { Client } from '@temporalio/client';
import { bulkTaskQueue } from '../../workflows/bulk-resend/messages';
import { sendTaskQueue } from '../../workflows/notification/messages';
import { checksTaskQueue } from '../../workflows/upload-watch/messages';
import type { Pollers } from '../operator/sample-waiting';

/** Of Temporal's own enum of task queue types. */
const TYPES = { workflow: 1, activity: 2 } as const;
const DESCRIBE_TIMEOUT_MS = 4_000;

/** How many workers poll each task queue of the service, as Temporal sees it. */
export function createPollerCount(client: Client, taskQueue: string): () => Promise<Pollers[]> {
  const polled: [Pollers['taskQueue'], string, Pollers['type']][] = [
    ['notifications', taskQueue, 'workflow'],
    ['notifications', taskQueue, 'activity'],
    ['sends', sendTaskQueue(taskQueue), 'activity'],
    ['upload_checks', checksTaskQueue(taskQueue), 'activity'],
    ['bulk_resends', bulkTaskQueue(taskQueue), 'activity'],
  ];

  async function count([queue, name, type]: (typeof polled)[number]): Promise<Pollers> {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: TYPES[type],
    });
    return { taskQueue: queue, type, pollers: pollers?.length ?? 0 };
  }

  return () =>
    client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () => Promise.all(polled.map(count)));
}
