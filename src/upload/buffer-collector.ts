import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const UNCOLLECTED_MAX_BYTES = 16 * 2 ** 20;

/**
 * Frees the buffers of streams. On its own, V8 collects them only after 64 MiB (32 MiB on Node 20),
 * whatever the heap limits are. Call the returned function with the size of each buffer that is no
 * longer used; a minor collection takes about a millisecond per 16 MiB.
 */
export function createBufferCollector(): (bytes: number) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  let uncollectedBytes = 0;
  return function release(bytes) {
    uncollectedBytes += bytes;
    if (uncollectedBytes < UNCOLLECTED_MAX_BYTES) return;
    uncollectedBytes = 0;
    collect({ type: 'minor' });
  };
}
