import type { Router, RouterContext } from '@koa/router';
import { bulkItemResults, isBulkId } from '../../../workflows/core/bulk-request';
import { notFound } from '../../http/errors';
import { bulkItemCursor } from '../../operator/page-cursor';
import { uuid } from '../../parse/scalars';
import { concealAddresses } from '../../operator/conceal-addresses';
import { requestIdTaken } from '../api/errors';
import { readBulkChoice, toBulkOrder } from './bulk-order';
import type { PageDependencies } from './page-dependencies';
import { formOf, queryOf, sessionOf } from './page-state';
import { bulkIdOfPath, bulkPath } from './parts/bulk-path';
import { readWhoAndWhy } from './read-who-and-why';
import { renderPage } from './render-page';
import { seeOther } from './see-other';
import { BulkListView } from './views/bulk-list-view';
import { BulkView } from './views/bulk-view';
import { DryRunView } from './views/dry-run-view';
import { MessageView } from './views/message-view';

const ITEMS_PAGE_SIZE = 100;
const PATH = '/bulk-resends/:name';
/** By a header: a tag in the page could not be switched off by a tool that reads it. */
const REFRESH = { often: '2', following: '5' };
/** A dry run needs no request ID yet. */
const DRY_RUN = 'dry-run';

/** Bulk resends: filter → dry run → confirmation → progress and report. */
export function addBulks(router: Router, { bulks, logger, now }: PageDependencies): void {
  router.get('/bulk-resends', async (ctx) => {
    const all = concealAddresses(await bulks.list());
    ctx.body = renderPage(<BulkListView session={sessionOf(ctx)} bulks={all} now={now()} />);
  });

  router.get('/bulk-resends/new', async (ctx) => {
    const choice = readBulkChoice(queryOf(ctx));
    await showDryRun(ctx, choice, toBulkOrder(choice, { requestId: DRY_RUN }, now()));
  });

  router.post('/bulk-resends', async (ctx) => {
    const form = formOf(ctx);
    const choice = readBulkChoice(new URLSearchParams(form));
    const who = readWhoAndWhy(form);
    const requestId = uuid.parse(form.request_id) ?? '';
    const parsed = 'faults' in who ? who : toBulkOrder(choice, { requestId, ...who }, now());
    if ('faults' in parsed || form.confirmed !== 'yes') return showDryRun(ctx, choice, parsed);
    const { bulkId, isNew, refusal } = await bulks.start(parsed.order);
    if (refusal !== undefined) throw requestIdTaken(refusal);
    logger.info({ bulk_id: bulkId, is_new: isNew }, 'admin.bulk_requested');
    seeOther(ctx, `${bulkPath(bulkId)}?started=yes`);
  });

  router.get(PATH, async (ctx) => {
    const bulkId = identify(ctx);
    const fields = queryOf(ctx);
    const bulk = await bulks.show(bulkId);
    if (!bulk) return showUnknown(ctx, fields.has('started'));
    const result = bulkItemResults.find((name) => name === fields.get('result'));
    const cursor = bulkItemCursor.safeParse(fields.get('cursor')).data;
    const report = await bulks.items(bulkId, { cursor, limit: ITEMS_PAGE_SIZE, result });
    const isRefreshed = bulk.state === 'running' && !fields.has('refresh') && !cursor;
    if (isRefreshed) ctx.set('Refresh', REFRESH.following);
    ctx.body = renderPage(
      <BulkView
        session={sessionOf(ctx)}
        bulk={concealAddresses(bulk)}
        report={report}
        result={result}
        isRefreshed={isRefreshed}
        now={now()}
      />,
    );
  });

  router.post(`${PATH}/cancel`, async (ctx) => {
    const bulkId = identify(ctx);
    const isCancelled = await bulks.cancel(bulkId);
    logger.info({ bulk_id: bulkId, is_cancelled: isCancelled }, 'admin.bulk_cancelled');
    seeOther(ctx, bulkPath(bulkId));
  });

  async function showDryRun(
    ctx: RouterContext,
    choice: ReturnType<typeof readBulkChoice>,
    parsed: ReturnType<typeof toBulkOrder>,
  ): Promise<void> {
    const shown = { session: sessionOf(ctx), choice, now: now() };
    if ('faults' in parsed) {
      ctx.status = 400;
      ctx.body = renderPage(<DryRunView {...shown} faults={parsed.faults} />);
      return;
    }
    const { order } = parsed;
    const preview = concealAddresses(await bulks.preview(order.filter, order));
    ctx.body = renderPage(<DryRunView {...shown} faults={[]} dryRun={{ order, preview }} />);
  }

  /** One that was started this moment is not recorded yet. */
  function showUnknown(ctx: RouterContext, isStarted: boolean): void {
    if (!isStarted) throw notFound();
    ctx.set('Refresh', REFRESH.often);
    ctx.body = renderPage(
      <MessageView session={sessionOf(ctx)} title="The bulk resend starts" text="A moment …" />,
    );
  }
}

function identify({ params }: RouterContext): string {
  const bulkId = bulkIdOfPath(params.name ?? '');
  if (!isBulkId(bulkId)) throw notFound();
  return bulkId;
}
