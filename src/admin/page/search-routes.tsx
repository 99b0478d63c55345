import type { Router } from '@koa/router';
import { concealAddresses } from '../../operator/conceal-addresses';
import type { Keys } from './keys';
import { pathWith } from './list-query';
import type { PageDependencies } from './page-dependencies';
import { formOf, queryOf, sessionOf } from './page-state';
import { notificationPath } from './parts/notification-path';
import { renderPage } from './render-page';
import { sealAddress, unsealAddress } from './sealed-address';
import { seeOther } from './see-other';
import { FoundView } from './views/found-view';

const QUERY_MAX_CHARS = 320;

/** The search box: an ID becomes part of the URL as it is, an address sealed. */
export function addSearch(
  router: Router,
  { address: key }: Keys,
  { search, now }: PageDependencies,
): void {
  const pathOf = (query: string) =>
    pathWith('/search', query.includes('@') ? { sealed: sealAddress(query, key) } : { q: query });

  router.post('/search', (ctx) => {
    const query = (formOf(ctx).query ?? '').trim().slice(0, QUERY_MAX_CHARS);
    seeOther(ctx, pathOf(query));
  });

  router.get('/search', async (ctx) => {
    const fields = queryOf(ctx);
    const sealed = fields.get('sealed');
    const id = fields.get('q')?.slice(0, QUERY_MAX_CHARS);
    if (id?.includes('@')) return seeOther(ctx, pathOf(id));
    const query = sealed === null ? id : unsealAddress(sealed, key);
    if (!query) return seeOther(ctx, '/');
    const shown = concealAddresses(await search.show(query));
    if (shown.found === 'notification') {
      return seeOther(ctx, notificationPath(shown.notification));
    }
    ctx.body = renderPage(
      <FoundView
        session={sessionOf(ctx)}
        shown={shown}
        query={sealed === null ? id : undefined}
        now={now()}
      />,
    );
  });
}
