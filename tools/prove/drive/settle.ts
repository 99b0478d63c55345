import type { Clock } from './clock';
import type { createOperator } from '../../sandbox/temporal/operator';

interface Settling {
  operator: ReturnType<typeof createOperator>;
  /** Resolves when all that was sent is acknowledged. */
  sent: Promise<unknown>;
  clock: Clock;
}

/** The proof ends after so long without progress. */
const STALLED_AFTER_MS = 4 * 60_000;
const PAUSE_MS = 2_000;

/**
 * Retries everything that waits until nothing is open, twice in a row: a run that has just started may
 * not be visible yet. Resolves to what is left when that stalls.
 */
export async function settle({ operator, sent, clock }: Settling): Promise<string | undefined> {
  let acknowledged = false;
  void sent.then(
    () => (acknowledged = true),
    () => undefined,
  );
  let before: string | undefined;
  let since = clock.elapsed();
  let emptyLooks = 0;
  for (;;) {
    const left = await findOpenWork().catch(
      (error: unknown) => `Temporal: ${(error as Error).message}`,
    );
    if (left !== before) since = clock.elapsed();
    before = left;
    emptyLooks = left ? 0 : emptyLooks + 1;
    if (emptyLooks === 2 || clock.elapsed() > since + STALLED_AFTER_MS) return left;
    await clock.wait(PAUSE_MS);
  }

  async function findOpenWork(): Promise<string | undefined> {
    await operator.retryNow();
    if (!acknowledged) return 'requests that are not acknowledged';
    const open = await operator.countOpen();
    return open > 0 ? `${open} open runs` : undefined;
  }
}
