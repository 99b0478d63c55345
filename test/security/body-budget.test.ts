import { setTimeout as delay } from 'node:timers/promises';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import { eventually } from '../support/eventually';
import { head, rawConnection, type RawConnection } from '../support/raw-request';
import { startWebhookEndpoint, type WebhookEndpoint } from '../support/webhook-endpoint';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const WINDOW_MS = 100;
/** A fortieth of the service's budget, in which only `timeoutMs` ends a body that has stalled. */
const SMALL_BUDGET = {
  totalBytes: 3 * MIB,
  reserveBytes: MIB / 2,
  smallMaxBytes: 64 * KIB,
  bytesPerWindowMin: 0,
};

let endpoint: WebhookEndpoint;
let connections: RawConnection[] = [];

afterEach(async () => {
  connections.forEach((connection) => connection.close());
  connections = [];
  await endpoint.close();
});

/** Sends the head of a webhook of `announced` bytes and `sent` of them. */
async function begin(announced: number, sent: number): Promise<RawConnection> {
  const connection = await rawConnection(endpoint.port);
  connections.push(connection);
  connection.send(`${head(`POST ${boltRouteFormat.path}`, [`Content-Length: ${announced}`])}`);
  connection.send(Buffer.alloc(sent, ' '));
  return connection;
}

const webhook = () => endpoint.post(signedWebhook());
const REFUSED = /^HTTP\/1\.1 503 .*\r\nRetry-After: 5\r\n/s;

describe('the memory budget for bodies', () => {
  it('is free again after stalled bodies time out', async () => {
    let nowMs = 0;
    endpoint = await startWebhookEndpoint({
      bodyLimits: { ...SMALL_BUDGET, timeoutMs: 30_000, windowMs: WINDOW_MS, now: () => nowMs },
    });
    const stalled = await Promise.all([begin(MIB, MIB - 1), begin(MIB, MIB - 1)]);
    await eventually(async () => (await endpoint.heldBytes()) >= 2 * MIB - 2);
    nowMs += 30_000;
    for (const connection of stalled) expect(await connection.until(/\r\n\r\n/)).toMatch(REFUSED);

    const large = await endpoint.post({ body: Buffer.alloc(2 * MIB, ' '), headers: {} });
    const small = await webhook();

    expect([large.status, small.status]).toEqual([400, 200]);
    expect(await endpoint.refusedBodies()).toEqual({ timed_out: 2 });
    expect(await endpoint.heldBytes()).toBe(0);
  });

  it.each<[string, (connection: RawConnection) => void]>([
    ['the client disconnects', (connection) => connection.close()],
    ['the body ends', (connection) => connection.send(' ')],
  ])('is free again when %s', async (_what, end) => {
    endpoint = await startWebhookEndpoint({ bodyLimits: SMALL_BUDGET });
    const senders = await Promise.all([begin(MIB, MIB - 1), begin(MIB, MIB - 1)]);
    await eventually(async () => (await endpoint.heldBytes()) >= 2 * MIB - 2);

    senders.forEach(end);

    await eventually(async () => (await endpoint.heldBytes()) === 0);
    expect((await webhook()).status).toBe(200);
  });

  it('reserves memory for small bodies that large ones cannot use', async () => {
    endpoint = await startWebhookEndpoint({ bodyLimits: SMALL_BUDGET });
    await Promise.all([begin(2 * MIB, MIB), begin(2 * MIB, MIB + 300 * KIB)]);
    await eventually(async () => (await endpoint.heldBytes()) > 2 * MIB + 200 * KIB);

    const answers = await Promise.all(Array.from({ length: 5 }, webhook));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await endpoint.refusedBodies()).toEqual({});
  });

  it('refuses the slowest body, not the newest', async () => {
    endpoint = await startWebhookEndpoint({
      bodyLimits: { ...SMALL_BUDGET, windowMs: WINDOW_MS },
    });
    const stalled = await begin(2 * MIB, MIB + 400 * KIB);
    await eventually(async () => (await endpoint.heldBytes()) > MIB + 400 * KIB);
    // Without a byte in this window and the one before: a window ends within each of these waits.
    for (let i = 0; i < 3; i += 1) await delay(WINDOW_MS);
    const moving = await begin(2 * MIB, MIB);

    const newcomer = await endpoint.post({ body: Buffer.alloc(MIB, ' '), headers: {} });

    expect(await stalled.until(/\r\n\r\n/)).toMatch(REFUSED);
    expect(newcomer.status).toBe(400);
    moving.send(Buffer.alloc(MIB, ' '));
    expect(await moving.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await endpoint.refusedBodies()).toEqual({ no_room: 1 });
  });

  it('refuses a body that arrives below the minimum rate', async () => {
    endpoint = await startWebhookEndpoint({
      bodyLimits: { windowMs: 100, bytesPerWindowMin: KIB },
    });
    const slow = await begin(MIB, 2 * KIB);

    expect(await slow.until(/\r\n\r\n/)).toMatch(REFUSED);
    expect(await endpoint.refusedBodies()).toEqual({ too_slow: 1 });
  });

  it('counts the overhead of a body in chunks of one byte', async () => {
    endpoint = await startWebhookEndpoint({ bodyLimits: SMALL_BUDGET });
    const connection = await rawConnection(endpoint.port);
    connections.push(connection);

    connection.send(head(`POST ${boltRouteFormat.path}`, ['Transfer-Encoding: chunked']));
    connection.send('1\r\n \r\n'.repeat(20_000));

    expect(await connection.until(/\r\n\r\n/)).toMatch(REFUSED);
  });

  it('refuses the oldest of many bodies that send nothing', async () => {
    endpoint = await startWebhookEndpoint({ bodyLimits: { bodiesMax: 10, bytesPerWindowMin: 0 } });
    const silent = [];
    for (let i = 0; i < 12; i += 1) {
      silent.push(await begin(MIB, 0));
      await eventually(async () => (await endpoint.openBodies()) === Math.min(i + 1, 10));
    }

    const taken = await webhook();

    expect(taken.status).toBe(200);
    for (const oldest of silent.slice(0, 3)) {
      expect(await oldest.until(/\r\n\r\n/)).toMatch(REFUSED);
    }
  });

  it('logs many refusals in one line and counts each', async () => {
    endpoint = await startWebhookEndpoint({
      bodyLimits: { windowMs: 50, bytesPerWindowMin: KIB },
    });
    const slow = await Promise.all(Array.from({ length: 20 }, () => begin(MIB, 1)));
    for (const connection of slow) await connection.until(/\r\n\r\n/);

    const lines = endpoint.log.lines();

    expect(lines).toMatchObject([
      { level: 'warn', event: 'bulk_upload_notification.bodies_refused', count: 1 },
    ]);
    expect(await endpoint.refusedBodies()).toEqual({ too_slow: 20 });
  });
});
