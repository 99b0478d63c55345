import type { Notifications } from '../../src/temporal/notifications';
import { untilAnswered } from './until-answered';

/** Starts the run of an event; again when Temporal did not answer in time, as the provider does. */
export async function reportEvent(
  { start }: Pick<Notifications, 'start'>,
  taskId: string,
  userId?: string,
): Promise<void> {
  const stats = { total: 12, completed: 12, failed: 0 };
  await untilAnswered(() => start({ taskId, userId, isVerified: true, stats, jobCount: 12 }));
}
