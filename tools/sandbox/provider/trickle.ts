import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const PIECES = 20;

/** The bytes in pieces, spread over this time; ends early when the signal comes. */
export function trickle(bytes: Buffer, ms: number, signal: AbortSignal): Readable {
  return Readable.from(pieces(bytes, ms, signal), { objectMode: false });
}

async function* pieces(bytes: Buffer, ms: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.ceil(bytes.length / PIECES));
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
    await sleep(ms / PIECES, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
  }
}
