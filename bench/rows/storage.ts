import { Client } from 'pg';
import type { Row } from './row';

/** What a notification leaves in Postgres, with indexes; Temporal's share is gone after its retention. */
export const storageRow: Row = {
  key: 'storage',
  once: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, column, { runs }) {
    const urls = { ledger: stage.postgres.url, Temporal: stage.temporal.postgres?.url };
    const sizes = async () => ({
      ledger: await storedBytes(urls.ledger),
      Temporal: urls.Temporal === undefined ? undefined : await storedBytes(urls.Temporal),
    });
    const before = await sizes();
    await column.send(await stage.newTasks(runs), { atOnce: 20, until: 'mailed' });
    await column.finished();
    const after = await sizes();
    return (['ledger', 'Temporal'] as const).flatMap((name) => {
      const [from, to] = [before[name], after[name]];
      if (from === undefined || to === undefined) return [];
      return [{ name: `stored bytes: ${name}`, value: (to - from) / runs }];
    });
  },
};

/** Of all databases of this Postgres. */
async function storedBytes(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const query = 'select sum(pg_database_size(oid))::float8 as bytes from pg_database';
    const { rows } = await client.query<{ bytes: number }>(query);
    return rows[0]?.bytes ?? NaN;
  } finally {
    await client.end();
  }
}
