import type { IncomingMessage } from 'node:http';

const ABORT_CODES = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Whether the client disconnected before the end of its request. */
export function isAbort(err: unknown, { destroyed, complete }: IncomingMessage): boolean {
  const { code } = (err ?? {}) as { code?: string };
  return destroyed && !complete && ABORT_CODES.includes(code ?? '');
}
