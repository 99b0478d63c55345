import { Client } from 'pg';

/** The one number that a query selects, over a connection of its own; NaN if there is no row. */
export async function queryNumber(url: string, select: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<[number]>({ text: select, rowMode: 'array' });
    return rows[0]?.[0] ?? NaN;
  } finally {
    await client.end();
  }
}
