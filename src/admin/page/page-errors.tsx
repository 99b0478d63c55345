import type { Middleware } from 'koa';
import { toRefusal } from '../../http/errors';
import { loggedPath } from '../../http/logged-path';
import type { Logger } from '../../telemetry/logger';
import { readSessionCookie } from './session-cookie';
import type { Sessions } from './sessions';
import { renderPage } from './render-page';
import { MessageView } from './views/message-view';

const UNAVAILABLE = 'Temporarily unavailable';
const NOTHING_IS_LOST =
  'The database or Temporal did not answer. Nothing is lost: every notification goes on by itself.';

/** Renders every refusal as a page, since a person reads it; any other error becomes a 503. */
export function createPageErrors(sessions: Sessions, logger: Logger): Middleware {
  return async function pageErrors(ctx, next) {
    try {
      await next();
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal !== err) logger.error({ err, path: loggedPath(ctx.path) }, 'admin.page_failed');
      ctx.status = refusal.status;
      ctx.set(refusal.headers ?? {});
      ctx.type = 'html';
      ctx.body = renderPage(
        <MessageView
          session={sessions.read(readSessionCookie(ctx))}
          {...(refusal.status === 503
            ? { title: UNAVAILABLE, text: refusal === err ? refusal.message : NOTHING_IS_LOST }
            : { title: refusal.message })}
        />,
      );
    }
  };
}
