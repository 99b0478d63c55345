import type { Context } from 'koa';
import { SESSION_MAX_MS } from './sessions';

const NAME = 'bulk-notify-session';
/** Browsers take this name only over TLS, for one host and the whole of it. */
const TLS_NAME = `__Host-${NAME}`;

const ENDED = { value: '', maxAgeMs: 0 };

export function readSessionCookie(ctx: Context): string | undefined {
  return ctx.cookies.get(TLS_NAME) ?? ctx.cookies.get(NAME);
}

export function writeSessionCookie(ctx: Context, value: string): void {
  const isSecure = isServedByTls(ctx);
  const cookie = { name: isSecure ? TLS_NAME : NAME, value, maxAgeMs: SESSION_MAX_MS, isSecure };
  append(ctx, cookie);
  // A session that was opened without TLS would outlive the logout of this one.
  if (isSecure) append(ctx, { ...ENDED, name: NAME, isSecure });
}

/** Ends the session, whether it was opened over TLS or not. */
export function expireSessionCookies(ctx: Context): void {
  append(ctx, { ...ENDED, name: NAME, isSecure: isServedByTls(ctx) });
  append(ctx, { ...ENDED, name: TLS_NAME, isSecure: true });
}

interface Cookie {
  name: string;
  value: string;
  maxAgeMs: number;
  isSecure: boolean;
}

function append(ctx: Context, { name, value, maxAgeMs, isSecure }: Cookie): void {
  const attributes = [
    ...['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeMs / 1_000}`],
    ...(isSecure ? ['Secure'] : []),
  ];
  ctx.append('Set-Cookie', [`${name}=${value}`, ...attributes].join('; '));
}

/** The browser knows the scheme, which a proxy in front may hide; it sends this with each form. */
const isServedByTls = (ctx: Context) => ctx.get('Origin').startsWith('https://');
