import { createAdminApi } from '../../src/admin/api/route';
import { createApp } from '../../src/http/app';
import { listen } from '../../src/http/server';
import { capturedLogger } from './captured-logger';
import { fakeOperator } from './fake-operator';
import { ADMIN_TOKEN } from './planted-values';
import { fetch } from './recorded-fetch';

export const AUTHORIZED = { Authorization: `Bearer ${ADMIN_TOKEN}` };

/** The admin API on a free port, before an operator that records its calls. */
export async function startAdminApi() {
  const log = capturedLogger();
  const { logger } = log;
  const fake = fakeOperator();
  const router = createAdminApi({ operator: fake.operator, adminToken: ADMIN_TOKEN, logger });
  const server = await listen(createApp({ logger, routers: [router] }), 0, { host: '127.0.0.1' });
  const base = `http://127.0.0.1:${server.port}/api/admin`;

  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(`${base}${path}`, { headers: AUTHORIZED, ...init });
    const text = await response.text();
    const body = text ? (JSON.parse(text) as Record<string, unknown>) : undefined;
    return { status: response.status, headers: response.headers, body };
  }

  /** With the token, and JSON as it is or to be made. */
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  return { ...fake, ask, post, log, port: server.port, close: () => server.close() };
}
