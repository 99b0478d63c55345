import { createAdminPage } from '../../src/admin/page/route';
import type { PageDependencies } from '../../src/admin/page/page-dependencies';
import { createApp } from '../../src/http/app';
import { listen } from '../../src/http/server';
import { capturedLogger } from './captured-logger';
import { ADMIN_TOKEN } from './planted-values';
import { fetch } from './recorded-fetch';

export type AdminPage = Awaited<ReturnType<typeof startAdminPage>>;

/** Headers that a browser sends with a form of our own. */
const OWN = { 'Sec-Fetch-Site': 'same-origin' };

/** The page on a port of its own, and a client that keeps its cookie, but follows no redirect. */
export async function startAdminPage(deps: Omit<PageDependencies, 'adminToken' | 'logger'>) {
  const log = capturedLogger();
  const { logger } = log;
  const page = createAdminPage({ ...deps, adminToken: ADMIN_TOKEN, logger });
  const server = await listen(createApp({ logger, routers: [page] }), 0);
  const base = `http://127.0.0.1:${server.port}`;
  let cookie = '';

  async function get(path: string, headers: Record<string, string> = {}) {
    return toAnswer(await fetch(`${base}${path}`, { ...same, headers: { cookie, ...headers } }));
  }

  async function post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = OWN,
  ) {
    const body = new URLSearchParams(fields);
    const given = { cookie, ...headers };
    return toAnswer(
      await fetch(`${base}${path}`, { ...same, method: 'POST', headers: given, body }),
    );
  }

  async function logIn(headers?: Record<string, string>) {
    const answer = await post('/login', { token: ADMIN_TOKEN }, headers);
    cookie = answer.cookie?.split(';')[0] ?? '';
    return answer;
  }

  return {
    ...{ base, log, get, post, logIn, port: server.port, close: () => server.close() },
    /** Posts what the form of a page holds, its token included. */
    async submit(path: string, action: string, fields: Record<string, string> = {}) {
      const { body } = await get(path);
      return post(action, { ...hiddenFields(formOf(body, action)), ...fields });
    },
    forgetCookie() {
      cookie = '';
    },
  };
}

const same = { redirect: 'manual' } as const;

async function toAnswer(response: Response) {
  const { status, headers } = response;
  return {
    ...{ status, headers, body: await response.text() },
    location: headers.get('Location'),
    cookie: headers.get('Set-Cookie'),
  };
}

/** The markup of the form that leads there. */
function formOf(body: string, action: string): string {
  const start = body.indexOf(`action="${action}"`);
  if (start < 0) throw new Error(`no form leads to ${action}`);
  return body.slice(start, body.indexOf('</form>', start));
}

function hiddenFields(form: string): Record<string, string> {
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, unescape(value)]));
}

const unescape = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
