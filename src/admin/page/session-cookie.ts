import type { Context } from 'koa';
import { SESSION_MAX_MS } from './sessions';

const NAME = 'bulk-notify-session';
/** Browsers take this name only over TLS, for one host and the whole of it. */
const TLS_NAME = `__Host-${NAME}`;

export function readSessionCookie(ctx: Context): string | undefined {
  return ctx.cookies.get(TLS_NAME) ?? ctx.cookies.get(NAME);
}

/** An empty value ends the session. */
export function writeSessionCookie(ctx: Context, value: string): void {
  const secure = isServedByTls(ctx);
  const name = secure ? TLS_NAME : NAME;
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${value ? SESSION_MAX_MS / 1_000 : 0}`,
    ...(secure ? ['Secure'] : []),
  ];
  ctx.append('Set-Cookie', [`${name}=${value}`, ...attributes].join('; '));
}

/** The browser knows the scheme, which a proxy in front may hide; it sends this with each form. */
const isServedByTls = (ctx: Context) => ctx.get('Origin').startsWith('https://');
