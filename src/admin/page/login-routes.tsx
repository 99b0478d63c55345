import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { createTokenAttempts } from '../token-attempts';
import { createTokenCheck } from '../token-check';
import type { PageDependencies } from './page-dependencies';
import { formOf, queryOf } from './page-state';
import { renderPage } from './render-page';
import { safePath } from './safe-path';
import { expireSessionCookies, readSessionCookie, writeSessionCookie } from './session-cookie';
import { seeOther } from './see-other';
import type { Sessions } from './sessions';
import { LoginView } from './views/login-view';

type LoginDependencies = Pick<PageDependencies, 'adminToken' | 'logger' | 'now'>;

/** `/login`: one token for all, so that a session is nobody's in particular. */
export function addLogin(router: Router, sessions: Sessions, deps: LoginDependencies): void {
  const { logger, now } = deps;
  const isAdminToken = createTokenCheck(deps.adminToken);
  const attempts = createTokenAttempts(now);

  router.get('/login', (ctx) => {
    const next = safePath(queryOf(ctx).get('next') ?? undefined);
    if (sessions.read(readSessionCookie(ctx))) return seeOther(ctx, next);
    ctx.body = renderPage(<LoginView next={next} />);
  });

  router.post('/login', (ctx) => {
    const { token = '', next } = formOf(ctx);
    const client = ctx.req.socket.remoteAddress ?? '';
    const seconds = attempts.secondsToWait(client);
    if (seconds > 0) {
      logger.warn('admin.login_limited');
      ctx.set('Retry-After', String(seconds));
      return refuse(ctx, 429, `Too many failed attempts: try again in ${seconds} seconds.`);
    }
    if (!isAdminToken(token.trim())) {
      attempts.failed(client, token.trim());
      logger.warn('admin.login_refused');
      return refuse(ctx, 403, 'That is not the admin token.');
    }
    logger.info('admin.logged_in');
    writeSessionCookie(ctx, sessions.create());
    seeOther(ctx, safePath(next));
  });
}

/** `/logout`, for who is logged in. */
export function addLogout(router: Router): void {
  router.post('/logout', (ctx) => {
    expireSessionCookies(ctx);
    seeOther(ctx, '/login');
  });
}

function refuse(ctx: Context, status: number, fault: string): void {
  ctx.status = status;
  ctx.body = renderPage(<LoginView next={safePath(formOf(ctx).next)} fault={fault} />);
}
