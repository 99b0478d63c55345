import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../tools/sandbox/postgres/postgres';
import { runSetup } from '../../tools/sandbox/service/service-process';
import type { SandboxTemporal } from '../../tools/sandbox/temporal/temporal';

/** Temporal and Postgres start once for the suite; tests find them by `suite()`. */
export async function startSuite(startsTemporal: () => Promise<SandboxTemporal>): Promise<void> {
  const [temporal, postgres] = await Promise.all([startsTemporal(), startPostgres()]);
  const records = mkdtempSync(join(tmpdir(), 'bulk-notify-records-'));
  globalThis.sandbox = { temporal, postgres, records };
  process.env.TEST_RECORDS = records;
  process.env.TEST_TEMPORAL_ADDRESS = temporal.address;
  process.env.TEST_DATABASE_URL = postgres.url;
  await runSetup({
    TEMPORAL_ADDRESS: temporal.address,
    DATABASE_URL: postgres.url,
  });
}

declare global {
  var sandbox:
    (Record<'temporal' | 'postgres', { close(): Promise<void> }> & { records: string }) | undefined;
}
