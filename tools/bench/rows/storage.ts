import { queryNumber } from '../measure/query-number';
import type { Row } from './row';

/** Bytes of all databases. */
const STORED = 'select sum(pg_database_size(oid))::float8 from pg_database';

/** Bytes per notification in Postgres, with indexes; Temporal deletes its share after the retention. */
export const storageRow: Row = {
  key: 'storage',
  once: true,
  appliesTo: ({ name }) => name === 'ours',
  async measure(stage, contender, { runs }) {
    const urls = { ledger: stage.postgres.url, Temporal: stage.temporal.postgres?.url };
    const sizes = async () => ({
      ledger: await queryNumber(urls.ledger, STORED),
      Temporal: urls.Temporal === undefined ? undefined : await queryNumber(urls.Temporal, STORED),
    });
    const before = await sizes();
    await contender.send(await stage.newTasks(runs), { atOnce: 20, until: 'mailed' });
    await contender.finished();
    const after = await sizes();
    return (['ledger', 'Temporal'] as const).flatMap((name) => {
      const [from, to] = [before[name], after[name]];
      if (from === undefined || to === undefined) return [];
      return [{ name: `stored bytes: ${name}`, value: (to - from) / runs }];
    });
  },
};
