import type { Database } from '../clients/postgres/database';
import { createWaitingLedger } from '../clients/postgres/waiting-ledger';
import { shared } from '../http/readiness';
import { sampleWaiting } from '../operator/sample-waiting';
import type { Metrics } from '../telemetry/metrics';
import { createWaitingMetrics } from '../telemetry/waiting-metrics';
import type { createTemporalClient } from '../temporal/client';
import { createPollerCount } from '../temporal/task-queue-pollers';
import { createWaitingRuns } from '../temporal/waiting-runs';

/** However often and by whomever the metrics are scraped, the ledger and Temporal are asked this seldom. */
const SAMPLE_INTERVAL_MS = 15_000;

interface Sources {
  client: ReturnType<typeof createTemporalClient>;
  taskQueue: string;
  /** Without it, the ledger is not sampled. */
  database?: Database;
}

/** Adds to the API's metrics what waits, as the ledger and Temporal know it, while it is scraped. */
export function sampleMetrics(
  { registry }: Pick<Metrics, 'registry'>,
  { client, taskQueue, database }: Sources,
): void {
  const parts = {
    ledger: database && createWaitingLedger(database),
    listWaitingRuns: createWaitingRuns(client, taskQueue),
    countPollers: createPollerCount(client, taskQueue),
  };
  const sample = shared(() => sampleWaiting(parts), SAMPLE_INTERVAL_MS);
  createWaitingMetrics(registry, sample);
}
