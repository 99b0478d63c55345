import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../../activities';
import { createBulkReports } from '../../src/clients/postgres/bulk-reports';
import { createBulks } from '../../src/clients/postgres/bulks';
import type { Database } from '../../src/clients/postgres/database';
import { createLedgerReader } from '../../src/clients/postgres/ledger-reader';
import { type BulkResends, createBulkResends } from '../../src/operator/bulk-resends';
import { createBulkRuns } from '../../src/temporal/bulk-runs';
import { createResendRequester } from '../../src/temporal/resend-requester';
import { createBulkResendWorker } from '../../src/temporal/worker';
import type { Fakes } from './fakes';
import { withLateWorker } from './workflow-worker';

interface BulkWorkers {
  client: Client;
  connection: NativeConnection;
  fakes: Fakes;
  /** With the ledger that the fakes have. */
  database: Database;
}

/** Bulk resends of notifications in a ledger. */
export function bulkResendsOn(options: {
  client: Client;
  database: Database;
  taskQueue: string;
}): BulkResends {
  const { client, database, taskQueue } = options;
  return createBulkResends({
    ledger: createLedgerReader(database),
    bulkReports: createBulkReports(database),
    bulkRuns: createBulkRuns({ client, taskQueue, resendWindowMs: 0 }),
  });
}

/** The workers for notifications, on fakes, and for bulk resends, on the ledger, while `body` runs. */
export function withBulkResends<T>(
  { client, connection, fakes, database }: BulkWorkers,
  body: (given: { bulkResends: BulkResends; client: Client; taskQueue: string }) => Promise<T>,
): Promise<T> {
  const { dependencies } = fakes;
  return withLateWorker({ client, connection, fakes }, async (_start, taskQueue) => {
    const temporal = { namespace: client.options.namespace, taskQueue };
    Object.assign(dependencies, {
      bulks: createBulks(database),
      notificationSearch: createLedgerReader(database),
      resendRequester: createResendRequester({ connection, temporal }),
    } satisfies Partial<typeof dependencies>);
    const activities = createActivities(dependencies);
    const bulkResends = bulkResendsOn({ client, database, taskQueue });
    const worker = await createBulkResendWorker({ connection, temporal, activities });
    return () => worker.runUntil(body({ bulkResends, client, taskQueue }));
  });
}
