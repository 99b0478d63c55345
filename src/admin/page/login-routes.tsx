import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { createRareLog } from '../../telemetry/rare-log';
import { createTokenAdmission } from '../token-admission';
import type { PageDependencies } from './page-dependencies';
import { formOf, queryOf } from './page-state';
import { renderPage } from './render-page';
import { safePath } from './safe-path';
import { expireSessionCookies, readSessionCookie, writeSessionCookie } from './session-cookie';
import { seeOther } from './see-other';
import type { Sessions } from './sessions';
import { LoginView } from './views/login-view';

type LoginDependencies = Pick<PageDependencies, 'adminToken' | 'logger' | 'now'>;

/** `/login`: all share one token, so that a session does not say who it belongs to. */
export function addLogin(router: Router, sessions: Sessions, deps: LoginDependencies): void {
  const { logger, now } = deps;
  const admit = createTokenAdmission(deps.adminToken, now);
  // A line for each attempt would let anybody fill the log.
  const logLimited = createRareLog((count) => logger.warn({ count }, 'admin.login_limited'));
  const logRefused = createRareLog((count) => logger.warn({ count }, 'admin.login_refused'));

  router.get('/login', (ctx) => {
    const next = safePath(queryOf(ctx).get('next') ?? undefined);
    if (sessions.read(readSessionCookie(ctx))) return seeOther(ctx, next);
    ctx.body = renderPage(<LoginView next={next} />);
  });

  router.post('/login', (ctx) => {
    const { token = '', next } = formOf(ctx);
    const admission = admit(ctx, token.trim());
    if ('retryAfterSeconds' in admission) {
      const seconds = admission.retryAfterSeconds;
      logLimited();
      ctx.set('Retry-After', String(seconds));
      return refuse(ctx, 429, `Too many failed attempts: try again in ${seconds} seconds.`);
    }
    if (!admission.admitted) {
      logRefused();
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
