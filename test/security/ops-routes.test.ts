import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../../src/http/app';
import { createWatchRouter } from '../../src/admin/watch-route';
import { createOpsRouter } from '../../src/http/ops';
import { shared } from '../../src/http/readiness';
import { type HttpServer, listen } from '../../src/http/server';
import { createMetrics } from '../../src/telemetry/metrics';
import { capturedLogger } from '../support/captured-logger';
import { eventually } from '../support/eventually';
import { head, rawConnection } from '../support/raw-request';
import { fetch } from '../support/recorded-fetch';
import { startWebhookEndpoint } from '../support/webhook-endpoint';

const ADMIN_TOKEN = '0123456789abcdef';
const TASK = '/api/tasks/550e8400-e29b-41d4-a716-446655440000/watch';

let server: HttpServer;
let log: ReturnType<typeof capturedLogger>;
let probed: number;
let watched: number;

beforeEach(async () => {
  log = capturedLogger();
  [probed, watched] = [0, 0];
  const probe = shared(async () => {
    probed += 1;
    await delay(20);
    return { ready: true };
  }, 60_000);
  const uploadWatches = { watch: async () => Boolean((watched += 1)) };
  const { registry } = createMetrics();
  const routers = [
    createWatchRouter({ uploadWatches, adminToken: ADMIN_TOKEN, logger: log.logger }),
    createOpsRouter({ probes: [probe], registry }),
  ];
  server = await listen(createApp({ logger: log.logger, routers }), 0);
});
afterEach(() => server.close());

async function statusOf(path: string, init?: RequestInit): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  await response.arrayBuffer();
  return response.status;
}

describe('paths', () => {
  it.each(['/METRICS', '/metrics/', '/Metrics', '//metrics', '/metrics%2f', '/%6detrics'])(
    'answers 404 for %s, which a rule for /metrics in a proxy may not match',
    async (path) => {
      expect(await statusOf('/metrics')).toBe(200);
      expect(await statusOf(path)).toBe(404);
    },
  );

  it.each(['/HEALTHZ', '/healthz/', '/READYZ', '/readyz/'])('answers 404 for %s', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it.each([
    ['404', 'a target that is no URL', 'GET http://['],
    ['405', 'a method that no route has', 'PROPFIND /metrics'],
  ])('answers %s for %s, and logs nothing', async (status, _what, requestLine) => {
    const connection = await rawConnection(server.port);

    connection.send(head(requestLine));

    const answer = await connection.until(/\r\n\r\n.+$/s);
    expect([answer.split(' ')[1], answer.slice(-1)]).toEqual([status, '}']);
    expect(log.lines()).toEqual([]);
    connection.close();
  });

  it.each([`${TASK}/`, TASK.replace('watch', 'WATCH'), TASK.replace('/api', '/API')])(
    'answers 404 for %s, with the token',
    async (path) => {
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };

      const status = await statusOf(path, { method: 'POST', headers });

      expect([status, watched]).toEqual([404, 0]);
    },
  );
});

describe('GET /readyz', () => {
  it('probes once per interval', async () => {
    await Promise.all(Array.from({ length: 50 }, () => statusOf('/readyz')));
    await statusOf('/readyz');

    expect(probed).toBe(1);
  });

  it('probes again after the interval, also after a failure', async () => {
    let asked = 0;
    const ask = shared(() => Promise.reject(new Error(`attempt ${++asked}`)), 20);

    await expect(Promise.all([ask(), ask()])).rejects.toThrow('attempt 1');
    await eventually(() => ask().then(undefined, () => asked === 2));

    expect(asked).toBe(2);
  });
});

describe('log lines', () => {
  it.each([
    ['an address', 'jane@example.org', '<address>'],
    ['an encoded address', 'jane%40example.org', '<address>'],
    ['an address encoded twice', 'jane%2540example.org', '<address>'],
    ['a long word', 'x'.repeat(5_000), `${'x'.repeat(189)}`],
  ])('do not hold a path with %s', async (_what, word, shown) => {
    const path = `/api/tasks/${word}/watch`;

    await statusOf(path, { method: 'POST', headers: { Authorization: 'Bearer wrong' } });

    const [line] = log.lines();
    expect(line).toMatchObject({ event: 'http.admin_token_invalid' });
    expect(line!.path).toBe(`/api/tasks/${shown}${word.length > 200 ? '' : '/watch'}`);
  });

  it('report no error when a client disconnects within its request', async () => {
    const endpoint = await startWebhookEndpoint();
    const connection = await rawConnection(endpoint.port);
    connection.send(`${head(`POST ${new URL(endpoint.url).pathname}`, ['Content-Length: 9'])}{`);
    await eventually(async () => (await endpoint.openBodies()) === 1);

    connection.close();

    await eventually(async () => (await endpoint.answers()).client_gone === 1);
    expect(endpoint.log.lines()).toEqual([]);
    await endpoint.close();
  });
});
