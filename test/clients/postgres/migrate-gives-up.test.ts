import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { faultOf } from '../../../src/clients/postgres/database-fault';
import { migrate } from '../../../src/clients/postgres/migrations';
import { LOCK } from '../../../src/clients/postgres/setup-lock';
import { capturedLogger } from '../../support/captured-logger';
import { scratchDatabase } from '../../support/scratch-database';

const SHORT_MS = 200;
const { logger } = capturedLogger();

describe('migrate', () => {
  it('fails when another setup keeps the lock, and names its connection', async () => {
    const { url, drop } = await scratchDatabase();
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [LOCK]);
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');

    const migrated = migrate({ database: { url, ssl: false }, logger, lockWaitMs: SHORT_MS });

    await expect(migrated).rejects.toThrow(
      `Another setup holds the lock in the database connection with pid ${rows[0]?.pid}`,
    );
    await other.end();
    await drop();
  });

  it('names the connection in its own database while setups of others run', async () => {
    const [ours, ...others] = await Promise.all(Array.from({ length: 4 }, scratchDatabase));
    // Postgres lists the locks of older connections first.
    const databases = [...others, ours!];
    const holders = databases.map(({ url }) => new Client({ connectionString: url }));
    for (const holder of holders) {
      await holder.connect();
      await holder.query('select pg_advisory_lock($1)', [LOCK]);
    }
    const { rows } = await holders.at(-1)!.query<{ pid: number }>('select pg_backend_pid() as pid');

    const migrated = migrate({
      ...{ database: { url: ours!.url, ssl: false }, logger, lockWaitMs: SHORT_MS },
    });

    await expect(migrated).rejects.toThrow(`with pid ${rows[0]?.pid}:`);
    await Promise.all(holders.map((holder) => holder.end()));
    await Promise.all(databases.map(({ drop }) => drop()));
  });

  it('fails when the server accepts the connection and never answers', async () => {
    const server = createServer((socket) => socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `postgres://setup:x@127.0.0.1:${(server.address() as AddressInfo).port}/ledger`;

    const failure = await migrate({
      ...{ database: { url, ssl: false }, logger, connectTimeoutMs: SHORT_MS },
    }).catch((err: unknown) => err);

    expect(faultOf(failure)).toMatchObject({ code: 'ETIMEDOUT' });
    await new Promise((resolve) => server.close(resolve));
  });
});
