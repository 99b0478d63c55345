import type { Router } from '@koa/router';
import { createRouter } from '../../http/router';
import { addAssets } from './assets';
import { addBulks } from './bulk-routes';
import { deriveKeys } from './keys';
import { addList } from './list-routes';
import { addLogin, addLogout } from './login-routes';
import { addNotification } from './notification-routes';
import { createPageErrors } from './page-errors';
import type { PageDependencies } from './page-dependencies';
import { addPreviews } from './preview-routes';
import { requireFormToken, requireOwnPage } from './require-own-form';
import { requireSession } from './require-session';
import { addSearch } from './search-routes';
import { secureHeaders } from './secure-headers';
import { createSessions } from './sessions';

/** The page for support, at the root of the admin listener. It works without a script. */
export function createAdminPage(deps: PageDependencies): Router {
  const keys = deriveKeys(deps.adminToken);
  const sessions = createSessions(keys, deps.now);

  const open = createRouter();
  addAssets(open);
  addLogin(open, sessions, deps);

  const closed = createRouter().use(requireSession(sessions), requireFormToken);
  addLogout(closed);
  addList(closed, deps);
  addSearch(closed, keys, deps);
  addNotification(closed, deps);
  addBulks(closed, deps);
  addPreviews(closed, deps);

  return createRouter()
    .use(secureHeaders, createPageErrors(sessions, deps.logger), requireOwnPage)
    .use(open.routes())
    .use(closed.routes());
}
