import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { checkNowSignal } from './messages';

/** Receives `checkNow` from the start of the watch on. */
export function createCheckRequests() {
  let requests = 0;
  setHandler(checkNowSignal, () => void (requests += 1));

  return {
    /** Resolves after so many milliseconds, or with the first request since the start. */
    async wait(ms: number): Promise<void> {
      await condition(() => requests > 0, ms);
    },

    /** The result of `check`, which each request cancels and begins anew. */
    async restarting<T>(check: () => Promise<T>): Promise<T> {
      for (;;) {
        const before = requests;
        const attempt = new CancellationScope();
        const checked = attempt.run(check).then((value) => ({ value }));
        const ended = await Promise.race([checked, condition(() => requests > before)]);
        if (ended) return ended.value;
        checked.catch(() => undefined);
        attempt.cancel();
      }
    },
  };
}
