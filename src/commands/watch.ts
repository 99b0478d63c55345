import type { OperatorConfig } from '../config/config';
import type { Logger } from '../telemetry/logger';
import { withNotifications } from './with-notifications';

/** Hands in an upload that was made elsewhere: the sweep looks for its notification. */
export async function runWatch(
  config: OperatorConfig,
  logger: Logger,
  taskId: string,
): Promise<void> {
  await withNotifications(config, async (notifications) => {
    await notifications.watch({ taskId, ownCallback: true });
    logger.info({ task_id: taskId }, 'watch.requested');
  });
}
