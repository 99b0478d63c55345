import { randomUUID } from 'node:crypto';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { until } from '../../tools/sandbox/until';
import { ADMIN_TOKEN } from '../support/planted-values';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';

let surroundings: Surroundings;
let api: ServiceProcess;

beforeAll(async () => {
  surroundings = await startSurroundings();
  [api] = await Promise.all([
    surroundings.start('api', { ADMIN_API_TOKEN: ADMIN_TOKEN, RESEND_WINDOW: '1h' }),
    surroundings.start('worker'),
  ]);
});
afterAll(() => surroundings.close());

async function ask(path: string, body?: unknown) {
  const response = await fetch(`http://127.0.0.1:${api.adminPort}/api/admin${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function untilShown(eventId: string, expected: object): Promise<void> {
  await until(`the notification shows ${JSON.stringify(expected)}`, async () => {
    const { body } = await ask(`/notifications/${eventId}`);
    return Object.entries(expected).every(([name, value]) => body[name] === value);
  });
}

describe('the admin API of a running service', () => {
  it('finds a mail that was sent by task, user and address, resends it, and previews it', async () => {
    const { taskId, userId, address } = await surroundings.addUpload({ filename: 'leads.csv' });
    const eventId = `bulk_upload_notification:${taskId}:completed`;
    await surroundings.post(api, { taskId });
    await untilShown(eventId, { state: 'sent' });

    const byTask = await ask(`/search?q=${taskId}`);
    const byUser = await ask(`/search?q=${userId}`);
    const byAddress = await ask('/search', { query: address });
    const listed = await ask(`/notifications?user=${userId}&file=LEADS`);
    const preview = await ask(`/notifications/${eventId}/mail-preview`);
    const requestId = randomUUID();
    const resent = await ask(`/notifications/${eventId}/resends`, { request_id: requestId });
    await untilShown(eventId, { sent_count: 2 });

    for (const found of [byTask, byUser, byAddress]) {
      expect(found.status).toBe(200);
      expect(JSON.stringify(found.body)).toContain(eventId);
      expect(JSON.stringify(found.body)).not.toContain(address);
    }
    expect(listed.body).toMatchObject({ notifications: [{ event_id: eventId, state: 'sent' }] });
    expect(preview.body).toMatchObject({ outcome: 'completed' });
    expect(String(preview.body.subject)).toContain('leads.csv');
    expect(resent).toEqual({ status: 202, body: { event_id: eventId, request_id: requestId } });
  });

  it('previews a bulk resend, and has a page beside it', async () => {
    const preview = await ask('/bulk-resend-preview', { filter: { state: 'parked', from: '1h' } });
    const page = await fetch(`http://127.0.0.1:${api.adminPort}/login`);

    expect(preview.status).toBe(200);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form');
  });
});

describe('the admin API', () => {
  it('is closed without a token; metrics and the description of all routes are not', async () => {
    const closed = await surroundings.start('api', { ADMIN_API_TOKEN: '' });
    const statusOf = async (path: string) =>
      (await fetch(`http://127.0.0.1:${closed.adminPort}${path}`)).status;

    expect(await statusOf('/api/admin/notifications')).toBe(404);
    expect(await statusOf('/login')).toBe(404);
    expect(await statusOf('/metrics')).toBe(200);
    expect(await statusOf('/openapi.json')).toBe(200);
    expect(closed.lines).toContainEqual(
      expect.objectContaining({ event: 'api.admin_api_closed', missing: 'ADMIN_API_TOKEN' }),
    );
  });
});
