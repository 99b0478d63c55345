import type { ResendConfig } from '../config';
import type { Logger } from '../logger';
import { createNotifications } from '../notifications';
import { createTemporalClient } from '../temporal';
import type { Outcome } from '../../activities/types';
import type { ResendSignal } from '../../workflows/messages';

export interface Resend extends ResendSignal {
  taskId: string;
  outcome: Outcome;
}

/** Asks for one notification (again); the worker does the rest. */
export async function runResend(
  { temporal, resendWindowMs }: ResendConfig,
  logger: Logger,
  { taskId, outcome, ...signal }: Resend,
): Promise<void> {
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  try {
    const notifications = createNotifications({ client, taskQueue, resendWindowMs });
    const workflowId = await notifications.resend(taskId, outcome, signal);
    logger.info({ event_id: workflowId, request_id: signal.requestId }, 'resend.requested');
  } finally {
    await client.connection.close();
  }
}
