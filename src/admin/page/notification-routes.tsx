import type { Router, RouterContext } from '@koa/router';
import { isOutcome } from '../../../workflows/core/outcome';
import { workflowId } from '../../../workflows/core/workflow-id';
import { concealAddresses } from '../../operator/conceal-addresses';
import type { Shown } from '../../operator/search';
import { notFound, refusal } from '../../http/errors';
import { uuid } from '../../parse/scalars';
import { refuseUnconfirmed } from '../refuse-unconfirmed';
import { pathWith } from './list-query';
import type { PageDependencies } from './page-dependencies';
import { formOf, queryOf, sessionOf } from './page-state';
import { notificationPath } from './parts/notification-path';
import { readWhoAndWhy } from './read-who-and-why';
import { renderPage } from './render-page';
import { seeOther } from './see-other';
import { FoundView } from './views/found-view';
import { MailView } from './views/mail-view';
import { type NotificationProps, NotificationView } from './views/notification-view';

/** Most requests are settled within it, so that the page can say what became of them. */
const RESULT_TIMEOUT_MS = 3_000;
/** The form holds the request ID. */
const REPEAT = 'Reload this page to send the form again: it stays the same request.';
const PATH = '/notifications/:task_id/:outcome';

interface Extras {
  requested?: NotificationProps['requested'];
  isRevealed?: boolean;
}

/** One notification: what is known of it, the mail, and a resend. */
export function addNotification(router: Router, deps: PageDependencies): void {
  const { search, resends, previews, logger, now } = deps;

  function show(ctx: RouterContext, shown: Shown, { requested, isRevealed = false }: Extras = {}) {
    const session = sessionOf(ctx);
    if (shown.found !== 'notification') {
      // What could not be asked may know it.
      ctx.status = shown.missing ? 503 : 404;
      ctx.body = renderPage(<FoundView session={session} shown={shown} now={now()} />);
      return;
    }
    ctx.body = renderPage(
      <NotificationView
        session={session}
        notification={shown.notification}
        missing={shown.missing ?? []}
        requested={requested}
        isRevealed={isRevealed}
        now={now()}
      />,
    );
  }

  /** What became of the request that the URL names. */
  async function requestOf(ctx: RouterContext) {
    const fields = queryOf(ctx);
    const requestId = uuid.parse(fields.get('request') ?? undefined);
    if (!requestId) return undefined;
    const { eventId } = identify(ctx);
    const unlessSent = fields.get('unless_sent') === 'yes';
    const { result, sentence } = await resends.waitFor(eventId, requestId, RESULT_TIMEOUT_MS, {
      unlessSent,
    });
    return { sentence, isSettled: result !== 'waiting', reloadPath: ctx.url };
  }

  router.get(PATH, async (ctx) => {
    const { eventId } = identify(ctx);
    // The request first, or the page would show the state before it.
    const requested = await requestOf(ctx);
    show(ctx, concealAddresses(await search.show(eventId)), { requested });
  });

  router.post(`${PATH}/reveal`, async (ctx) => {
    const { eventId } = identify(ctx);
    const shown = await search.show(eventId);
    logger.info({ event_id: eventId }, 'admin.addresses_revealed');
    show(ctx, shown, { isRevealed: true });
  });

  router.post(`${PATH}/resend`, async (ctx) => {
    const { eventId, path } = identify(ctx);
    const form = formOf(ctx);
    const who = readWhoAndWhy(form);
    if ('faults' in who) throw refusal(400, 'invalid_form', who.faults.join(' '));
    const unlessSent = form.unless_sent !== 'no';
    const signal = { requestId: uuid.parse(form.request_id), ...who, unlessSent };
    const request = await resends.request(eventId, signal).catch(refuseUnconfirmed(REPEAT));
    logger.info({ event_id: eventId, request_id: request.requestId }, 'admin.resend_requested');
    const asked = { request: request.requestId, unless_sent: unlessSent ? 'yes' : undefined };
    seeOther(ctx, pathWith(path, asked));
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
