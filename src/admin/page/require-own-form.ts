import type { Middleware } from 'koa';
import { isFromOwnPage } from '../../auth/own-page';
import { refusal } from '../../http/errors';
import { formOf, sessionOf } from './page-state';
import { readForm } from './read-form';
import { isSame } from './sessions';

/**
 * Whatever changes something must come from a page of our own. Browsers say so by Sec-Fetch-Site,
 * and on plain HTTP by Origin.
 */
export const requireOwnPage: Middleware = async (ctx, next) => {
  if (changes(ctx)) {
    const own = [`http://${ctx.host}`, `https://${ctx.host}`];
    if (!isFromOwnPage(ctx.headers, own)) throw notOwnPage();
    ctx.state.form = await readForm(ctx.req);
  }
  await next();
};

/** In addition, the form must bear the token of the session. */
export const requireFormToken: Middleware = (ctx, next) => {
  const isOurs = () => isSame(formOf(ctx).form_token ?? '', sessionOf(ctx).formToken);
  if (changes(ctx) && !isOurs()) throw formTooOld();
  return next();
};

const changes = ({ method }: { method: string }) => !['GET', 'HEAD'].includes(method);

const notOwnPage = () =>
  refusal(403, 'not_own_page', 'The request did not come from a page of this service');
const formTooOld = () =>
  refusal(403, 'form_too_old', 'The form is from an earlier login: open its page again');
