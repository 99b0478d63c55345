import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';

/**
 * An attempt that is under way when its run is cancelled may fail, and is not made again: the run ends
 * as cancelled all the same, not as failed.
 */
export async function endAsCancelled<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (err) {
    if (isCancellation(err) || !CancellationScope.current().consideredCancelled) throw err;
    throw new CancelledFailure('the run was cancelled', [], err as Error);
  }
}
