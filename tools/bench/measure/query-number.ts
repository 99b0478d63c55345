import { withClient } from '../../sandbox/postgres/with-client';

/** The single number that a query selects; NaN if there is no row. */
export function queryNumber(url: string, select: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<[number]>({ text: select, rowMode: 'array' });
    return rows[0]?.[0] ?? NaN;
  });
}
