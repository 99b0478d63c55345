import { withOperator } from '../../../src/commands/with-operator';
import { loadOperatorConfig } from '../../../src/config/config';
import { type FilterFields, parseFilter } from '../../../src/operator/notification-filter';

/** As many as `bulk-notify list` shows. */
const COMMAND_LIMIT = 20;

/** Where an operator looks notifications up. Each answer is read to its end, and must be one. */
export interface Door {
  search(query: string): Promise<unknown>;
  show(eventId: string): Promise<unknown>;
  list(filter: FilterFields, cursor?: string): Promise<unknown>;
}

/** The page for support, as a browser without a script uses it: its lists come with counts and chart. */
export async function openPage(base: string, token: string): Promise<Door> {
  // As a browser says that a form is the page's own.
  const own = { 'Sec-Fetch-Site': 'same-origin' };
  const login = await fetch(`${base}/login`, {
    ...{ method: 'POST', headers: own, redirect: 'manual' },
    body: new URLSearchParams({ token }),
  });
  const [cookie = ''] = login.headers.get('Set-Cookie')?.split(';') ?? [];
  const get = (path: string) => answer(`${base}${path}`, { headers: { ...own, cookie } });
  const [, formToken = ''] = /name="form_token" value="([^"]+)"/.exec(await get('/')) ?? [];

  return {
    search(query) {
      const body = new URLSearchParams({ query, form_token: formToken });
      return answer(`${base}/search`, { method: 'POST', headers: { ...own, cookie }, body });
    },
    show(eventId) {
      const [, taskId, outcome] = eventId.split(':');
      return get(`/notifications/${taskId}/${outcome}`);
    },
    list: (filter, cursor) => get(`/?${queryOf({ ...filter, cursor })}`),
  };
}

/** The admin API, which has counts and chart apart. */
export function openAdminApi(base: string, token: string) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const get = (path: string) => answer(`${base}/api/admin/${path}`, { headers });

  const door: Door = {
    search(query) {
      const body = JSON.stringify({ query });
      return answer(`${base}/api/admin/search`, { method: 'POST', headers, body });
    },
    show: (eventId) => get(`notifications/${eventId}`),
    list: (filter, cursor) => get(`notifications?${queryOf({ ...filter, cursor })}`),
  };
  return {
    ...door,
    count: (filter: FilterFields) => get(`counts?${queryOf(filter)}`),
    countByDay: () => get('days'),
  };
}

/** What `bulk-notify show` and `list` do between the start of Node and the output. */
export function openCommands(environment: Record<string, string>): Door {
  const config = loadOperatorConfig(environment);
  const show = (query: string) => withOperator(({ search }) => search.show(query), config);
  return {
    search: show,
    show,
    list(fields, cursor) {
      const parsed = parseFilter(fields, new Date());
      if ('faults' in parsed) throw new Error(parsed.faults.join());
      const { filter } = parsed;
      return withOperator(
        ({ search }) =>
          Promise.all([
            search.list(filter, { cursor, limit: COMMAND_LIMIT }),
            search.count(filter),
          ]),
        config,
      );
    },
  };
}

/** Follows redirects. */
async function answer(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
  return text;
}

function queryOf(fields: Record<string, string | undefined>): string {
  const given = Object.entries(fields).filter((field): field is [string, string] => !!field[1]);
  return new URLSearchParams(given).toString();
}
