import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Lets the heap double before it is marked again. By default V8 keeps the heap of a process that
 * allocates rarely and much to 1.1 of what lives: each large body then marks all of it, which takes
 * three times the CPU of parsing the body. V8 reads this flag each time that it sets the limit.
 */
export function markRarely(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

const DEAD_BUFFERS_MAX_BYTES = 16 * 2 ** 20;

/**
 * Frees the buffers of streams that pass through. V8 collects them only when 64 MiB of them are
 * dead (Node 24; 32 MiB on Node 20), whatever the heap's limits are. Returns what to call with the
 * bytes of each buffer; a minor collection takes about a millisecond for each 16 MiB.
 */
export function createBufferCollector(): (bytes: number) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  let passedBytes = 0;
  return function passed(bytes) {
    passedBytes += bytes;
    if (passedBytes < DEAD_BUFFERS_MAX_BYTES) return;
    passedBytes = 0;
    collect({ type: 'minor' });
  };
}
