import type { Ledger } from '../../../activities/ledger';
import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
  RECIPIENT,
} from '../../support/ledger-on-postgres';
import { FIRST, request, settlement, useLedger } from '../../support/use-ledger';

const { postgres, ledger, eventOf, attemptsOf, statesOf, claimAttempt, send } = useLedger();

describe('the ledger', () => {
  const long = `${'ü'.repeat(9_995)}.csv`;
  const names: [what: string, fileName: string, kept: string][] = [
    ['NUL', 'a\0b\0.csv', 'ab.csv'],
    ['a lone surrogate', 'a\ud800b\udc00.csv', 'a\ufffdb\ufffd.csv'],
    ['10,000 characters, of which 8 KiB are kept', long, long.slice(0, 2_048)],
    ['quotes and a semicolon', `'); drop table x; --".csv`, `'); drop table x; --".csv`],
    ['right-to-left marks', '\u202egpj.exe', '\u202egpj.exe'],
    ['nothing', '', ''],
  ];
  it.each(names)('keeps a file name with %s', async (_, fileName, kept) => {
    const claim = claimOf({ fileName });
    await send(claim);
    expect(await eventOf(claim.eventId)).toMatchObject({ file_name: kept });
    const requested = await ledger.requestResend(claim.eventId, request('r1'), 'run-1');
    expect(requested.fileName).toBe(kept);
  });

  it('keeps the address in one column only', async () => {
    const claim = claimOf();
    await send(claim);
    await ledger.requestResend(claim.eventId, request('r1'), 'run-1');

    const rows = await postgres.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(e) as row from bulk_notify.bulk_upload_notification_events e where id = $1
       union all select to_jsonb(r) from bulk_notify.resends r where event_id = $1
       union all select to_jsonb(a) from bulk_notify.attempts a where event_id = $1`,
      [claim.eventId],
    );

    const columns = rows.flatMap(({ row }) =>
      Object.entries(row).flatMap(([column, value]) =>
        String(value).includes(RECIPIENT) ? [column] : [],
      ),
    );
    expect(rows).toHaveLength(3);
    expect(columns).toEqual(['recipient']);
  });

  it('forgets the addresses of attempts that were settled long ago', async () => {
    const [old, recent, open] = [claimOf(), claimOf(), claimOf()];
    await send(old);
    await send(recent);
    await claimAttempt(open);
    const age = `update bulk_notify.attempts
      set claimed_at = now() - interval '91 days', settled_at = settled_at - interval '91 days'
      where event_id in ($1, $2)`;

    // In one transaction: other tests forget addresses in this database, too.
    let forgotten: unknown;
    await postgres.within([age, [old.eventId, open.eventId]], async ({ query }) => {
      forgotten = await query(`select bulk_notify.forget_recipients('90 days') as count`, []);
    });

    const recipients = await Promise.all(
      [old, recent, open].map(({ eventId }) => attemptsOf(eventId)),
    );
    expect(forgotten).toMatchObject({ rows: [{ count: '1' }] });
    expect(recipients.flat().map(({ recipient }) => recipient)).toEqual([
      null,
      RECIPIENT,
      RECIPIENT,
    ]);
    expect(await ledger.claim(old)).toMatchObject({ status: 'sent' });
  });
});

it('survives a connection that the database ends', async () => {
  const claim = claimOf();
  await claimAttempt(claim);
  let next: Promise<unknown> | undefined;

  await postgres.within(
    [
      'select from bulk_notify.bulk_upload_notification_events where id = $1 for update',
      [claim.eventId],
    ],
    async ({ query, untilItBlocks }) => {
      next = ledger.claim(claim).catch((err: unknown) => err);
      await untilItBlocks();
      await query(
        `select pg_terminate_backend(pid) from pg_stat_activity
           where pg_backend_pid() = any(pg_blocking_pids(pid))`,
        [],
      );
    },
  );

  expect(await next).toMatchObject({ message: 'the database did not answer (57P01)' });
  expect(await statesOf(claim.eventId)).toEqual(['sending']);
  await claimAttempt(claim);
});

describe('while the database is down', () => {
  const url = 'postgres://worker:top-secret@127.0.0.1:1/ledger';
  let down: LedgerOnPostgres;
  beforeAll(() => {
    down = ledgerOnPostgres(url);
  });
  afterAll(() => down.close());

  const calls: [string, (ledger: Ledger) => Promise<unknown>][] = [
    ['claim', (ledger) => ledger.claim(claimOf())],
    ['submit', (ledger) => ledger.submit('1')],
    ['settle', (ledger) => ledger.settle(settlement('1'))],
    ['park', (ledger) => ledger.park(newEventId(), 'gave_up', FIRST)],
    ['requestResend', (ledger) => ledger.requestResend(newEventId(), request('r1'), 'run-1')],
  ];
  it.each(calls)('%s rejects with a failure that may be shown and retried', async (_, call) => {
    const failure = await call(down.ledger).catch((err: unknown) => err);

    expect(failure).toMatchObject({
      ...{ name: 'ApplicationFailure', type: 'DatabaseUnavailable', nonRetryable: false },
      message: expect.stringContaining('the database did not answer (ECONNREFUSED)'),
    });
    expect((failure as Error).cause).toBeUndefined();
    expect(down.log.events()).toContain('database.failed');
    expect(down.log.text()).not.toMatch(/top-secret|postgres:|customer\.example/);
  });

  it('does not quote the row that the database refuses', async () => {
    const failure = ledger.claim(claimOf({ eventId: `bulk_upload_notification:x:${RECIPIENT}` }));
    await expect(failure).rejects.toMatchObject({
      message: 'the database failed (22P02)',
    });
    expect(postgres.log.text()).not.toContain(RECIPIENT);
  });
});
