import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from './temporal-client';

/** Keeps what the suite's Temporal tells of all its runs, beside the records of the tests. */
export async function recordHistories(directory: string): Promise<void> {
  const client = await connectClient();
  const keep = (told: unknown) =>
    appendFileSync(join(directory, 'histories'), `${JSON.stringify(told)}\n`);
  try {
    for await (const { raw } of client.workflow.list()) keep(raw);
    for await (const history of client.workflow.list().intoHistories()) keep(history);
  } finally {
    await client.connection.close();
  }
}
