import Router from '@koa/router';
import { createApp } from '../../src/http/app';
import { type HttpServer, listen } from '../../src/http/server';
import { capturedLogger } from '../support/captured-logger';
import { eventually } from '../support/eventually';
import { head, rawConnection, type RawConnection } from '../support/raw-request';

const CONNECTIONS_MAX = 20;

let server: HttpServer;
let connections: RawConnection[];
let answerNow: () => void;
let underWay: number;

beforeEach(async () => {
  const released = new Promise<void>((resolve) => (answerNow = resolve));
  const router = new Router()
    .get('/slow', async (ctx) => {
      underWay += 1;
      await released;
      ctx.body = { status: 'done' };
    })
    .get('/quick', (ctx) => {
      ctx.body = { status: 'done' };
    });
  const app = createApp({ logger: capturedLogger().logger, routers: [router] });
  server = await listen(app, 0, { connectionsMax: CONNECTIONS_MAX });
  connections = [];
  underWay = 0;
});
afterEach(async () => {
  answerNow();
  connections.forEach((connection) => connection.close());
  await server.close();
});

async function connect(): Promise<RawConnection> {
  const connection = await rawConnection(server.port);
  connections.push(connection);
  return connection;
}

/** A connection that has had its answer and stays. */
async function idle(): Promise<RawConnection> {
  const connection = await connect();
  connection.send(head('GET /quick'));
  await connection.until(/"done"\}$/);
  return connection;
}

describe('listen with the maximum number of connections', () => {
  it('answers a new connection and closes the one that was idle for longest', async () => {
    const kept: RawConnection[] = [];
    for (let i = 0; i < CONNECTIONS_MAX; i += 1) kept.push(await idle());
    kept[0]!.send(head('GET /quick'));
    await kept[0]!.until(/"done"\}.*"done"\}$/s);

    await idle();

    await kept[1]!.ended();
    kept[0]!.send(head('GET /quick'));
    expect((await kept[0]!.until(/("done"\}.*){3}$/s)).match(/ 200 OK/g)).toHaveLength(3);
  });

  it('answers a new connection when the others never sent a request', async () => {
    const silent: RawConnection[] = [];
    for (let i = 0; i < CONNECTIONS_MAX + 5; i += 1) silent.push(await connect());

    await idle();

    for (const oldest of silent.slice(0, 6)) expect(await oldest.ended()).toBe('');
  });

  it('closes no connection with a pending answer, even if all have one', async () => {
    const busy: RawConnection[] = [];
    for (let i = 0; i < CONNECTIONS_MAX; i += 1) {
      busy.push(await connect());
      busy[i]!.send(head('GET /slow'));
    }
    await eventually(() => underWay === CONNECTIONS_MAX);
    const newcomer = await connect();

    expect(await newcomer.ended()).toBe('');
    answerNow();
    for (const connection of busy) {
      expect(await connection.until(/"done"\}$/)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });
});
