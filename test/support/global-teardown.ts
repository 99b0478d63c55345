import { rmSync } from 'node:fs';
import { recordHistories } from './record-histories';
import { describeLeaks, scanRecords } from './scan-records';
import './start-suite';

/** Fails the run if anything that was recorded during it holds a planted value. */
export default async function globalTeardown(): Promise<void> {
  const { records, temporal, postgres } = globalThis.sandbox ?? {};
  const [recorded] = await Promise.allSettled([records && recordHistories(records)]);
  await Promise.all([temporal?.close(), postgres?.close()]);
  if (!records) return;
  const leaks = await scanRecords(records);
  if (leaks.length > 0) throw new Error(describeLeaks(leaks, records));
  if (recorded.status === 'rejected') throw recorded.reason;
  rmSync(records, { recursive: true });
}
