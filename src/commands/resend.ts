import type { Outcome } from '../../workflows/core/outcome';
import type { ResendSignal } from '../../workflows/notification/messages';
import type { OperatorConfig } from '../config/config';
import type { Logger } from '../telemetry/logger';
import { withNotifications } from './with-notifications';

interface Resend extends ResendSignal {
  taskId: string;
  outcome: Outcome;
}

/** Asks for one notification (again); the worker does the rest. */
export async function runResend(
  config: OperatorConfig,
  logger: Logger,
  { taskId, outcome, ...signal }: Resend,
): Promise<void> {
  await withNotifications(config, async (notifications) => {
    const workflowId = await notifications.resend(taskId, outcome, signal);
    logger.info({ event_id: workflowId, request_id: signal.requestId }, 'resend.requested');
  });
}
