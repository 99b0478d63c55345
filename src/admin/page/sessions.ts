import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keys } from './keys';

/** A working day: who works longer logs in again. */
export const SESSION_MAX_MS = 10 * 60 * 60 * 1_000;
const PATTERN = /^([\w-]{22})\.(\d{1,15})\.([\w-]{43})$/;

export interface Session {
  id: string;
  /** Must come back with each form, so that no other page can send one. */
  formToken: string;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Sessions without a store: the cookie is an ID, an end and a signature, and never the token. */
export function createSessions(keys: Keys, now: () => Date) {
  const open = (id: string): Session => ({ id, formToken: sign(keys.form, id) });

  return {
    /** The value of a new session's cookie. */
    create(): string {
      const id = randomBytes(16).toString('base64url');
      const expiresAt = now().getTime() + SESSION_MAX_MS;
      return `${id}.${expiresAt}.${sign(keys.session, `${id}.${expiresAt}`)}`;
    },

    /** Undefined for a cookie that is not ours, or has expired. */
    read(cookie: string | undefined): Session | undefined {
      const [, id, expiresAt, signature] = PATTERN.exec(cookie ?? '') ?? [];
      if (!id || !signature) return undefined;
      if (!isSame(signature, sign(keys.session, `${id}.${expiresAt}`))) return undefined;
      return Number(expiresAt) > now().getTime() ? open(id) : undefined;
    },
  };
}

const sign = (key: Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest('base64url');

/** In constant time; of texts of different lengths only the length can be learned. */
export function isSame(a: string, b: string): boolean {
  const [bytes, expected] = [Buffer.from(a), Buffer.from(b)];
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
