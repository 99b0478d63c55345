import type { OperatorConfig } from '../config/config';
import { createNotifications, type Notifications } from '../temporal/notifications';
import { createTemporalClient } from '../temporal/client';

/** Connects to Temporal for one request of a command. */
export async function withNotifications<T>(
  { temporal, resendWindowMs }: OperatorConfig,
  ask: (notifications: Notifications) => Promise<T>,
): Promise<T> {
  const client = createTemporalClient(temporal);
  const { taskQueue } = temporal;
  try {
    return await ask(createNotifications({ client, taskQueue, resendWindowMs }));
  } finally {
    await client.connection.close();
  }
}
