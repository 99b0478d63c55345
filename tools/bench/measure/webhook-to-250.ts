import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from '../contenders/contender';
import type { Stage } from '../stage';
import { MEASUREMENT_MAX_MS } from './measurement-max';

interface Singles {
  count: number;
  perSecond: number;
  userId?: string;
  /** A mail that takes longer counts as this long. */
  maxMs?: number;
}

/** Milliseconds from each webhook (or start) to the relay's 250, at a rate without queues. */
export async function webhookTo250(
  stage: Stage,
  contender: Contender,
  { count, perSecond, userId, maxMs = MEASUREMENT_MAX_MS }: Singles,
): Promise<number[]> {
  const taskIds = await stage.newTasks(count, { userId });
  const { sentAt } = await contender.send(taskIds, { perSecond }, userId);
  return Promise.all(
    taskIds.map(async (taskId, index) => {
      const due = sentAt[index] ?? NaN;
      const isLate = delay(Math.max(0, due + maxMs - Date.now()), undefined, { ref: false });
      await Promise.race([stage.arrivals.of(taskId), isLate]);
      return Math.min((stage.arrivals.at(taskId) ?? Infinity) - due, maxMs);
    }),
  );
}
