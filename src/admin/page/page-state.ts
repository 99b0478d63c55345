import type { Context, DefaultState } from 'koa';
import type { Session } from './sessions';

export type Form = Record<string, string>;

interface Stated {
  state: DefaultState;
}

/** What the middleware of the closed pages has found for the route. */
export const sessionOf = ({ state }: Stated) => state.session as Session;
/** Koa's `URL` lacks it when the Host header makes no URL. */
export const queryOf = ({ querystring }: Pick<Context, 'querystring'>) =>
  new URLSearchParams(querystring);
export const formOf = ({ state }: Stated) => state.form as Form;
