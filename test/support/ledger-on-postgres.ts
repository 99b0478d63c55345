import { randomUUID } from 'node:crypto';
import { Pool, type QueryResultRow } from 'pg';
import type { Claim } from '../../activities/ledger';
import type { Outcome } from '../../workflows/core/outcome';
import { createDatabase } from '../../src/clients/postgres/database';
import { createLedger } from '../../src/clients/postgres/ledger';
import { workflowId } from '../../workflows/core/workflow-id';
import { capturedLogger } from './captured-logger';
import { suite } from './suite';
import { until } from '../../tools/sandbox/until';

export const RECIPIENT = 'owner@customer.example';

export const newEventId = (outcome: Outcome = 'completed') => workflowId(randomUUID(), outcome);

/** A claim for the first mail of a new notification, with the changes of the test. */
export function claimOf(change: Partial<Claim> = {}): Claim {
  return {
    eventId: newEventId(),
    resend: 0,
    userId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    fileName: 'customers.csv',
    emailCount: 12,
    recipient: RECIPIENT,
    messageId: '<bulk.1.completed@sender.example>',
    mailDate: new Date('2026-02-12T10:00:00Z'),
    runId: 'run-1',
    recordedRequests: 0,
    ifLost: 'waiting',
    // As that of an attempt in MockActivityEnvironment, which may be before or after it.
    scheduledAt: new Date(1),
    ...change,
  };
}

interface EventRow {
  state: string;
  reason: string | null;
  sent_count: number;
  user_id: string | null;
  file_name: string | null;
  email_count: string | null;
}

interface AttemptRow {
  id: string;
  resend: number;
  run_id: string;
  state: string;
  reply: string | null;
  recipient: string | null;
  message_id: string;
  mail_date: Date;
  submitted_at: Date | null;
  settled_at: Date | null;
}

export type LedgerOnPostgres = ReturnType<typeof ledgerOnPostgres>;

/** The real ledger on the suite's database or another one, with queries for its rows. */
export function ledgerOnPostgres(url = suite().postgres.url) {
  const log = capturedLogger();
  const database = createDatabase({ url, logger: log.logger });
  const pool = new Pool({ connectionString: url, max: 4 });

  async function query<Row extends QueryResultRow>(text: string, values: unknown[] = []) {
    return (await pool.query<Row>(text, values)).rows;
  }

  /** Runs `body` in a transaction that begins with a statement and is committed after it. */
  async function within(
    [text, values]: [text: string, values: unknown[]],
    body: (open: {
      query: (text: string, values: unknown[]) => Promise<unknown>;
      untilItBlocks: () => Promise<void>;
    }) => Promise<void>,
  ): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(text, values);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const blocked = 'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
      await body({
        query: (other, more) => client.query(other, more),
        untilItBlocks: () =>
          until('a query waits for the transaction', async () => {
            return (await query(blocked, [rows[0]?.pid])).length > 0;
          }),
      });
      await client.query('commit');
    } finally {
      client.release(true);
    }
  }

  async function eventOf(id: string): Promise<EventRow | undefined> {
    const [event] = await query<EventRow>(
      `select state, reason, sent_count, user_id, file_name, email_count
         from bulk_notify.bulk_upload_notification_events where id = $1`,
      [id],
    );
    return event;
  }

  const attemptsOf = (id: string) =>
    query<AttemptRow>('select * from bulk_notify.attempts where event_id = $1 order by id', [id]);

  const resendsOf = (id: string) =>
    query<{ request_id: string; resend: number; requested_by: string; reason: string }>(
      `select request_id, resend, requested_by, reason from bulk_notify.resends
         where event_id = $1 order by requested_at, request_id`,
      [id],
    );

  return {
    ...{ ledger: createLedger({ database }), database, log },
    ...{ query, within, eventOf, attemptsOf, resendsOf },
    close: () => Promise.all([database.close(), pool.end()]),
  };
}
