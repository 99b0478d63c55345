import type { IncomingMessage } from 'node:http';
import { collectBody } from './collect-body';
import { tooSlow } from './errors';

/** 64 KiB take half of it at the minimum rate of an upload. */
const TIMEOUT_MS = 30_000;

/** Reads a small body. Rejects with a refusal if it is larger, compressed or not there in time. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs = TIMEOUT_MS,
): Promise<Buffer> {
  const { body, stop } = collectBody(request, maxBytes);
  const timer = setTimeout(() => stop(tooSlow()), timeoutMs);
  return body.finally(() => clearTimeout(timer));
}
