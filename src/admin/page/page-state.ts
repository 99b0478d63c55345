import type { DefaultState } from 'koa';
import type { Session } from './sessions';

export type Form = Record<string, string>;

interface Stated {
  state: DefaultState;
}

/** What the middleware of the closed pages has found for the route. */
export const sessionOf = ({ state }: Stated) => state.session as Session;
export const formOf = ({ state }: Stated) => state.form as Form;
