import { cancellationSignal } from '@temporalio/activity';
import type { Delivery } from '../workflows/core/deliver';
import { elapsedMs } from './elapsed';

interface Limits extends Pick<Delivery, 'startedAt'> {
  giveUpAfterMs: number;
}

/** A look-up that fails is made again, whatever it fails with, until GIVE_UP_AFTER has passed. */
export async function orGiveUp<T>(
  { startedAt, giveUpAfterMs }: Limits,
  lookUp: () => Promise<T>,
): Promise<T | { reason: 'gave_up' }> {
  try {
    return await lookUp();
  } catch (err) {
    if (cancellationSignal().aborted || elapsedMs(startedAt) < giveUpAfterMs) throw err;
    return { reason: 'gave_up' };
  }
}
