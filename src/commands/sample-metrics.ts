import { createDatabase } from '../clients/postgres/database';
import { createWaitingLedger } from '../clients/postgres/waiting-ledger';
import type { ApiConfig } from '../config/config';
import { shared } from '../http/readiness';
import { sampleWaiting } from '../operator/sample-waiting';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { createWaitingMetrics } from '../telemetry/waiting-metrics';
import type { createTemporalClient } from '../temporal/client';
import { createPollerCount } from '../temporal/task-queue-pollers';
import { createWaitingRuns } from '../temporal/waiting-runs';

/** However often and by whomever the metrics are scraped, the ledger and Temporal are asked this seldom. */
const SAMPLE_INTERVAL_MS = 15_000;

/** Adds to the API's metrics what waits, as the ledger and Temporal know it, while it is scraped. */
export function sampleMetrics(
  { temporal: { taskQueue }, admin }: Pick<ApiConfig, 'temporal' | 'admin'>,
  client: ReturnType<typeof createTemporalClient>,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): { close(): Promise<void> } {
  const onCertificate = (expiresAt: Date) =>
    metrics.expiry.certificateExpires('database', expiresAt);
  const database = admin.database && createDatabase({ ...admin.database, logger, onCertificate });
  const parts = {
    ledger: database && createWaitingLedger(database),
    listWaitingRuns: createWaitingRuns(client, taskQueue),
    countPollers: createPollerCount(client, taskQueue),
  };
  const sample = shared(() => sampleWaiting(parts), SAMPLE_INTERVAL_MS);
  createWaitingMetrics(metrics.registry, sample);
  return { close: async () => database?.close() };
}
