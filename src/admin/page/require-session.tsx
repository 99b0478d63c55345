import type { Middleware } from 'koa';
import { readSessionCookie } from './session-cookie';
import { renderPage } from './render-page';
import type { Sessions } from './sessions';
import { GoToLoginView } from './views/go-to-login-view';

/** Leads who is not logged in to the login page, and from there back. */
export function requireSession(sessions: Sessions): Middleware {
  return function adminSession(ctx, next) {
    const session = sessions.read(readSessionCookie(ctx));
    if (session) {
      ctx.state.session = session;
      return next();
    }
    const wanted = ctx.method === 'GET' ? ctx.url : '/';
    ctx.status = 401;
    const path = `/login?next=${encodeURIComponent(wanted)}`;
    ctx.set('Refresh', `0; url=${path}`);
    ctx.body = renderPage(<GoToLoginView path={path} />);
  };
}
