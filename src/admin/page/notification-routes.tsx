import type { Router, RouterContext } from '@koa/router';
import { isOutcome } from '../../../workflows/core/outcome';
import { workflowId } from '../../../workflows/core/workflow-id';
import { concealAddresses } from '../../operator/conceal-addresses';
import type { Shown } from '../../operator/search';
import { notFound } from '../../http/errors';
import { uuid } from '../../parse/scalars';
import { pathWith } from './list-query';
import type { PageDependencies } from './page-dependencies';
import { formOf, sessionOf } from './page-state';
import { notificationPath } from './parts/notification-path';
import { renderPage } from './render-page';
import { seeOther } from './see-other';
import { FoundView } from './views/found-view';
import { MailView } from './views/mail-view';
import { NotificationView } from './views/notification-view';

/** Most requests are settled within it, so that the page can say what became of them. */
const RESULT_TIMEOUT_MS = 3_000;
const PATH = '/notifications/:task_id/:outcome';

/** One notification: what is known of it, the mail, and a resend. */
export function addNotification(router: Router, deps: PageDependencies): void {
  const { search, resends, previews, logger, now } = deps;

  async function show(ctx: RouterContext, shown: Shown, isRevealed: boolean): Promise<void> {
    const session = sessionOf(ctx);
    if (shown.found !== 'notification') {
      ctx.status = 404;
      ctx.body = renderPage(<FoundView session={session} shown={shown} now={now()} />);
      return;
    }
    ctx.body = renderPage(
      <NotificationView
        session={session}
        notification={shown.notification}
        missing={shown.missing ?? []}
        requested={await requestOf(ctx)}
        isRevealed={isRevealed}
        now={now()}
      />,
    );
  }

  /** What became of the request that the URL names. */
  async function requestOf(ctx: RouterContext) {
    const requestId = uuid.parse(ctx.URL.searchParams.get('request') ?? undefined);
    if (!requestId) return undefined;
    const { eventId } = identify(ctx);
    const { result, sentence } = await resends.waitFor(eventId, requestId, RESULT_TIMEOUT_MS);
    return { sentence, isSettled: result !== 'waiting', reloadPath: ctx.url };
  }

  router.get(PATH, async (ctx) => {
    const { eventId } = identify(ctx);
    await show(ctx, concealAddresses(await search.show(eventId)), false);
  });

  router.post(`${PATH}/reveal`, async (ctx) => {
    const { eventId } = identify(ctx);
    const shown = await search.show(eventId);
    logger.info({ event_id: eventId }, 'admin.addresses_revealed');
    await show(ctx, shown, true);
  });

  router.post(`${PATH}/resend`, async (ctx) => {
    const { eventId, path } = identify(ctx);
    const { requested_by: requestedBy, why, unless_sent: unlessSent, request_id } = formOf(ctx);
    const requestId = uuid.parse(request_id);
    const signal = {
      requestId,
      requestedBy: requestedBy?.trim() || undefined,
      reason: why?.trim() || undefined,
      unlessSent: unlessSent !== 'no',
    };
    const request = await resends.request(eventId, signal);
    logger.info({ event_id: eventId, request_id: request.requestId }, 'admin.resend_requested');
    seeOther(ctx, pathWith(path, { request: request.requestId }));
  });

  router.get(`${PATH}/mail`, async (ctx) => {
    const { eventId, path } = identify(ctx);
    const mail = await previews?.ofNotification(eventId);
    ctx.body = renderPage(<MailView session={sessionOf(ctx)} mail={mail} backPath={path} />);
  });
}

function identify({ params }: RouterContext) {
  const taskId = uuid.parse(params.task_id);
  const { outcome } = params;
  if (!taskId || !isOutcome(outcome)) throw notFound();
  return { eventId: workflowId(taskId, outcome), path: notificationPath({ taskId, outcome }) };
}
