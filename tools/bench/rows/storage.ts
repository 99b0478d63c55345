import { queryNumber } from '../measure/query-number';
import type { Row } from './row';

/** Bytes of all databases of a Postgres. */
const STORED = 'select sum(pg_database_size(oid))::float8 from pg_database';

/** What a notification leaves in Postgres, with indexes; Temporal's share is gone after its retention. */
export const storageRow: Row = {
  key: 'storage',
  once: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, column, { runs }) {
    const urls = { ledger: stage.postgres.url, Temporal: stage.temporal.postgres?.url };
    const sizes = async () => ({
      ledger: await queryNumber(urls.ledger, STORED),
      Temporal: urls.Temporal === undefined ? undefined : await queryNumber(urls.Temporal, STORED),
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
