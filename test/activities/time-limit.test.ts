import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withTimeLimit } from '../../activities/time-limit';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('withTimeLimit', () => {
  it('resolves to the result of the work, and leaves no listener', async () => {
    const { signal } = new AbortController();

    await expect(withTimeLimit(60_000, signal, () => Promise.resolve(7))).resolves.toBe(7);
    await expect(
      withTimeLimit(60_000, signal, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with the reason of a stop, also of one that came before it', async () => {
    const stop = new AbortController();

    const ended = withTimeLimit(60_000, stop.signal, untilAborted);
    stop.abort(new Error('shutdown'));

    await expect(ended).rejects.toThrow('shutdown');
    await expect(
      withTimeLimit(60_000, stop.signal, (signal) => {
        signal.throwIfAborted();
        return Promise.resolve();
      }),
    ).rejects.toThrow('shutdown');
  });

  it('is over in time, whatever is collected meanwhile', async () => {
    const { signal } = new AbortController();

    // Listens before the collections, which may take longer than the limit.
    const ended = withTimeLimit(200, signal, untilAborted).catch((err: unknown) => err);
    collectGarbage();
    await delay(20);
    collectGarbage();

    expect(await ended).toMatchObject({ name: 'TimeoutError' });
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
