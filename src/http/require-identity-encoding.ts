import type { IncomingMessage } from 'node:http';
import { encodingNotSupported } from './errors';

/** Refuses compressed bodies, because bytes are verified, counted and forwarded as they arrive. */
export function requireIdentityEncoding({ headers }: IncomingMessage): void {
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') throw encodingNotSupported();
}
