import { Pool, type QueryResultRow } from 'pg';
import { toFailure } from '../../../activities/failures/transient';
import { type DatabaseVariable, remedyFor } from '../../../activities/failures/remedies';
import type { SendMetrics } from '../../../activities/metrics';
import type { Logger } from '../../telemetry/logger';
import { observeExpiry, type OnCertificate } from '../observe-expiry';
import type { DatabaseFault } from './database-fault';
import { createLoginQueue } from './database-login';
import { createRefusals } from './database-refusals';
import type { DatabaseAddress } from './database-tls';

export type Database = ReturnType<typeof createDatabase>;

interface DatabaseDependencies {
  url: string;
  ssl?: DatabaseAddress['ssl'];
  /** Which variable the remedies name; DATABASE_URL by default. */
  variable?: DatabaseVariable;
  logger: Logger;
  metrics?: Pick<SendMetrics, 'countConfigurationError'>;
  onCertificate?: OnCertificate;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** Fails without the ledger's functions, the right to call them, or a database that can be written. */
const PROBE = 'select bulk_notify.submit(0)';

/** SQLSTATEs by which the database answered; not those of connections, limits and interventions. */
const ANSWERED = /^(?!08|53|57|XX)[\dA-Z]{5}$/;

/**
 * A pool that survives outages of the database. Every failure is transient; its message has only the
 * code, because the database's own message may quote a row. A fault that only a person can repair is
 * tried once a minute.
 *
 * No timeout is sent at login, because poolers refuse or ignore it: the client has its own, and the
 * ledger's functions bound how long they wait for a lock.
 */
export function createDatabase(deps: DatabaseDependencies) {
  const { url, ssl = false, variable, logger, metrics, onCertificate } = deps;
  const { now = () => performance.now() } = deps;
  const remedyOf = (code: string) => remedyFor('database', code, variable);
  const pool = new Pool({
    connectionString: url,
    ssl: ssl && { ...ssl, ...observeExpiry(onCertificate) },
    Client: createLoginQueue(),
    max: 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    keepAlive: true,
    application_name: 'bulk-notify',
  });
  pool.on('error', (err) => logger.warn({ err }, 'database.connection_lost'));

  const refusals = createRefusals({
    now,
    toFailure: failureOf,
    onRefused(code) {
      metrics?.countConfigurationError('database');
      logger.error({ code, remedy: remedyOf(code) }, 'database.refused');
    },
    onAccepted: () => logger.info('database.accepted_again'),
  });

  function failureOf({ code, refused }: DatabaseFault, retryMs: number): Error {
    const trouble = { part: 'database', remedy: remedyOf(code) } as const;
    if (refused) {
      const nextRetryDelayMs = Math.round(retryMs + Math.random() * 30_000);
      const message = `the database refused the service (${code})`;
      return toFailure({ type: 'DatabaseRefused', message, ...trouble }, nextRetryDelayMs);
    }
    logger.warn({ code, remedy: trouble.remedy }, 'database.failed');
    const verb = ANSWERED.test(code) ? 'failed' : 'did not answer';
    const message = `the database ${verb} (${code})`;
    return toFailure({ type: 'DatabaseUnavailable', message, ...trouble });
  }

  function query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return refusals.guard(async () => {
      const { rows } = await pool.query<Row>(text, values.map(withoutNul));
      return rows;
    });
  }

  /** Asks the database whether it admits this process, for `refusal`. */
  async function probe(): Promise<void> {
    await query(PROBE, []).catch(() => undefined);
  }

  /** The code with which the database refuses this process, if it does; does not wait for it. */
  function refusal(): string | undefined {
    if (refusals.retryIsDue()) void probe();
    return refusals.code();
  }

  return { query, probe, refusal, close: () => pool.end() };
}

/** Postgres stores every character except NUL, so every text of the service loses it here. */
function withoutNul(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}
