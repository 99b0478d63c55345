import { runSetup } from '../../tools/sandbox/service/service-process';
import { scratchDatabase } from '../support/scratch-database';
import { suite } from '../support/suite';
import { startSurroundings } from '../support/surroundings';
import { type PoolMode, startPgBouncer } from './support/pgbouncer';

type Database = Awaited<ReturnType<typeof scratchDatabase>>;
type Pooler = Awaited<ReturnType<typeof startPgBouncer>>;

let database: Database;
let pooler: Pooler | undefined;
beforeEach(async () => {
  database = await scratchDatabase();
});
afterEach(async () => {
  await pooler?.close();
  await database.drop();
});

const setupAt = (url: string) =>
  runSetup({ TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: url });

describe.each<PoolMode>(['session', 'transaction'])('PgBouncer in %s mode', (mode) => {
  it('carries each of 20 notifications to its mail', async () => {
    // given
    await setupAt(database.url);
    pooler = await startPgBouncer(database.url, mode);
    const surroundings = await startSurroundings({ postgres: { url: pooler.url } });
    const uploads = await surroundings.addUploads(Array.from({ length: 20 }, () => ({})));
    const [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);

    // when
    const answers = await Promise.all(
      uploads.map(({ taskId }) => surroundings.notify(api, { taskId })),
    );

    // then
    const received = surroundings.relay.received.flatMap(({ envelope }) => envelope.to);
    await surroundings.close();
    expect(answers.map((status) => status?.emailCount)).toEqual(uploads.map(() => 12));
    expect(received.sort()).toEqual(uploads.map(({ address }) => address).sort());
  });
});

describe('setup', () => {
  it('prepares the database through PgBouncer in session mode, twice', async () => {
    pooler = await startPgBouncer(database.url, 'session');

    await setupAt(pooler.url);
    await setupAt(pooler.url);

    await expect(setupAt(database.url)).resolves.toBeUndefined();
  });

  it('leaves no lock behind at PgBouncer in transaction mode', async () => {
    pooler = await startPgBouncer(database.url, 'transaction');

    await setupAt(pooler.url).catch(() => undefined);

    await expect(setupAt(database.url)).resolves.toBeUndefined();
  });
});
