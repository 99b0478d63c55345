import type { ResendConfig } from '../config';
import type { Logger } from '../logger';
import { createNotifications } from '../notifications';
import { createTemporalClient } from '../temporal';

/** Hands in an upload that was made elsewhere: the sweep looks for its notification. */
export async function runWatch(
  { temporal, resendWindowMs }: ResendConfig,
  logger: Logger,
  taskId: string,
): Promise<void> {
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  try {
    const notifications = createNotifications({ client, taskQueue, resendWindowMs });
    await notifications.watch({ taskId, ownCallback: true });
    logger.info({ task_id: taskId }, 'watch.requested');
  } finally {
    await client.connection.close();
  }
}
