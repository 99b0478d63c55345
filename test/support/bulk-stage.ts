import { createDatabase } from '../../src/clients/postgres/database';
import { runSetup } from '../../tools/sandbox/service/service-process';
import { bulkResendsOn } from './bulk-resends';
import { capturedLogger } from './captured-logger';
import { scratchDatabase } from './scratch-database';
import { startSurroundings } from './surroundings';
import { connectClient } from './temporal-client';

export type BulkStage = Awaited<ReturnType<typeof startBulkStage>>;

/** The service's surroundings with a ledger of their own, and what starts bulk resends there. */
export async function startBulkStage() {
  const scratch = await scratchDatabase();
  const surroundings = await startSurroundings({ postgres: { url: scratch.url } });
  await runSetup({ TEMPORAL_ADDRESS: surroundings.temporal.address, DATABASE_URL: scratch.url });
  const client = await connectClient();
  const database = createDatabase({ url: scratch.url, logger: capturedLogger().logger });

  return {
    ...{ surroundings, client, scratch },
    bulkResends: bulkResendsOn({ client, database, taskQueue: surroundings.taskQueue }),
    async close() {
      await surroundings.close();
      await Promise.all([client.connection.close(), database.close()]);
      await scratch.drop();
    },
  };
}
