import type { Context } from 'koa';

/** After a form: the browser gets another page, so that loading it anew repeats nothing. */
export function seeOther(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.set('Location', path);
  ctx.body = '';
}
