import type { Router } from '@koa/router';
import { Readable } from 'node:stream';
import { concealAddresses } from '../../operator/conceal-addresses';
import { pageCursor } from '../../operator/page-cursor';
import { parseFilterTexts, readFilterTexts, withoutAddress } from './list-query';
import { renderOverview } from './overview';
import type { PageDependencies } from './page-dependencies';
import { queryOf, sessionOf } from './page-state';
import { withLater } from './parts/later';
import { renderPage } from './render-page';
import { ListView } from './views/list-view';

const PAGE_SIZE = 50;

/** `/`: the list by the filter of the URL, then counts and chart. */
export function addList(router: Router, deps: PageDependencies): void {
  const { search, now } = deps;

  router.get('/', async (ctx) => {
    const fields = queryOf(ctx);
    const texts = readFilterTexts(fields);
    const parsed = parseFilterTexts(texts, now());
    const shown = { session: sessionOf(ctx), filter: withoutAddress(texts), now: now() };
    if ('faults' in parsed) {
      ctx.status = 400;
      ctx.body = renderPage(<ListView {...shown} faults={parsed.faults} isContinued={false} />);
      return;
    }
    const cursor = readCursor(fields);
    const overview = renderOverview(deps, texts, parsed.filter);
    const listed = await search.list(parsed.filter, { cursor, limit: PAGE_SIZE });
    const page = concealAddresses(listed);
    const list = <ListView {...shown} faults={[]} page={page} isContinued={cursor !== undefined} />;
    ctx.type = 'html';
    ctx.body = Readable.from(withLater(renderPage(list), overview));
  });
}

/** A cursor that is none leads to the newest. */
function readCursor(fields: URLSearchParams): string | undefined {
  const { data } = pageCursor.safeParse(fields.get('cursor'));
  return data;
}
