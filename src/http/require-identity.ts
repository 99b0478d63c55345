import type { IncomingMessage } from 'node:http';
import { encodingNotSupported } from './errors';

/** Refuses compressed bodies: what is hashed, counted and passed on are the bytes that were sent. */
export function requireIdentity({ headers }: IncomingMessage): void {
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') throw encodingNotSupported();
}
