import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createLedgerReader } from '../../../src/clients/postgres/ledger-reader';
import { checkReaderRights } from '../../../src/clients/postgres/reader-rights';
import { createRecipientDirectory } from '../../../src/clients/postgres/recipients';
import {
  claimOf,
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
} from '../../support/ledger-on-postgres';
import { runSetupProcess } from '../../support/run-setup';
import { type SupabaseLike, startSupabaseLike } from '../../support/supabase-like';

const doc = readFileSync(join(__dirname, '../../../docs/ledger.md'), 'utf8');

/** The SQL blocks of a section of docs/ledger.md, each with the line before it. */
function blocksUnder(heading: string): [title: string, sql: string][] {
  const section = doc.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const blocks = section.matchAll(/^(.+):\n\n```sql\n((?:[^`\n].*\n|\n)*)```$/gm);
  return [...blocks].map(([, title = '', sql = '']) => [title, sql]);
}

const PROFILES = `
  create table public.profiles (user_id uuid primary key, email text, phone text);
  alter table public.profiles enable row level security;`;
const VISITORS = ['anon', 'authenticated', 'service_role'];
const PLATFORM = `insert into auth.users (id, email, email_confirmed_at) values`;

describe.each(['open', 'closed'] as const)(
  'a Supabase project with %s API defaults',
  (defaults) => {
    const password = randomUUID();
    let supabase: SupabaseLike;
    let setup: Awaited<ReturnType<typeof runSetupProcess>>;
    let worker: LedgerOnPostgres;
    beforeAll(async () => {
      supabase = await startSupabaseLike(defaults);
      await supabase.asOwner(PROFILES);
      setup = await runSetupProcess({ DATABASE_URL: supabase.ownerUrl });
      const [[, role] = ['', '']] = blocksUnder("The worker's role");
      await supabase.asOwner(role);
      await supabase.asOwner(`alter role bulk_notify password '${password}'`);
      worker = ledgerOnPostgres(supabase.urlAs('bulk_notify', password));
    });
    afterAll(async () => {
      await worker?.close();
      await supabase?.close();
    });

    it('is set up by `postgres`, which can read both tables of addresses', () => {
      expect(setup.code).toBe(0);
      expect(setup.events).toContain('setup.recipients_readable');
    });

    it('gives the role of docs/ledger.md all that a worker needs', async () => {
      // given
      const { ledger, database, log } = worker;
      const userId = randomUUID();
      await supabase.asPlatform(`${PLATFORM} ('${userId}', 'u@a.example', now())`);
      await supabase.asOwner(`insert into public.profiles values ('${userId}', 'p@a.example')`);
      const claim = claimOf({ userId });

      // when
      const recipients = createRecipientDirectory({ database, logger: log.logger });
      const addresses = await recipients.findAddresses(userId);
      const claimed = await ledger.claim(claim);
      const { attemptId } = claimed as { attemptId: string };
      await ledger.submit(attemptId);
      await ledger.settle({ attemptId, attempt: 'accepted', reply: '250 ok', state: 'sent' });
      const again = await ledger.claim(claim);
      const resend = await ledger.requestResend(claim.eventId, { requestId: 'r1' }, 'run-1');
      const outcomes = await ledger.findOutcomes(claim.eventId.split(':')[1] ?? '');
      const parked = newEventId();
      await ledger.park(parked, 'recipient_missing', { runId: 'run-1', recordedRequests: 1 });
      await database.probe();

      // then
      expect(addresses).toEqual([
        { source: 'profile', text: 'p@a.example' },
        { source: 'account', text: 'u@a.example' },
      ]);
      expect(again).toEqual({ status: 'sent', runId: claim.runId, reply: '250 ok' });
      expect(resend).toMatchObject({ resend: 1, userId });
      expect(outcomes).toEqual(['completed']);
      expect(database.refusal()).toBeUndefined();
      const states = await supabase.asOwner(
        `select state from bulk_notify.bulk_upload_notification_events
         where id in ('${claim.eventId}', '${parked}') order by state`,
      );
      expect(states).toEqual([{ state: 'parked' }, { state: 'waiting' }]);
    });

    const tables = ['bulk_upload_notification_events', 'attempts', 'resends', 'migrations'];
    const forbidden = [
      ...tables.flatMap((name) => [
        `drop table bulk_notify.${name}`,
        `truncate bulk_notify.${name} cascade`,
        `delete from bulk_notify.${name}`,
        `select from bulk_notify.${name}`,
        `alter table bulk_notify.${name} disable trigger all`,
      ]),
      "update bulk_notify.bulk_upload_notification_events set state = 'sent'",
      'update bulk_notify.attempts set recipient = null',
      "select bulk_notify.forget_recipients('1 day')",
      "select bulk_notify.close_claim('x')",
      "select bulk_notify.exceeds_recipient_limit('x', 'y', 1)",
      'select email from auth.users',
      'select email from public.profiles',
      'update public.profiles set email = null',
      'delete from auth.users',
      'create table public.mine (id integer)',
      'create table bulk_notify.mine (id integer)',
      'drop function bulk_notify.claim',
      'drop schema bulk_notify cascade',
    ];
    it.each(forbidden)('does not let the worker %s', async (sql) => {
      await expect(worker.query(sql)).rejects.toMatchObject({ code: '42501' });
    });

    describe('with a role for operators', () => {
      let reader: LedgerOnPostgres;
      let readerUrl: string;
      let again: Awaited<ReturnType<typeof runSetupProcess>>;
      beforeAll(async () => {
        const [[, role] = ['', '']] = blocksUnder("The operators' role");
        await supabase.asOwner(role);
        await supabase.asOwner(`alter role bulk_notify_reader password '${password}'`);
        readerUrl = supabase.urlAs('bulk_notify_reader', password);
        const urls = { DATABASE_URL: supabase.ownerUrl, ADMIN_DATABASE_URL: readerUrl };
        again = await runSetupProcess(urls);
        reader = ledgerOnPostgres(readerUrl);
      });
      afterAll(() => reader?.close());

      it('is found in order by `setup`', () => {
        expect(again.code).toBe(0);
        expect(again.events).toContain('setup.reader_ready');
      });

      it('lets it read everything that operators look up', async () => {
        // given
        const userId = randomUUID();
        const recipient = `owner-${userId}@a.example`;
        await supabase.asOwner(`insert into public.profiles values ('${userId}', '${recipient}')`);
        const claim = claimOf({ userId, recipient });
        await worker.ledger.claim(claim);
        const row = expect.objectContaining({ eventId: claim.eventId });

        // when
        const ledger = createLedgerReader(reader.database);

        // then
        expect(await ledger.findUsers(recipient)).toEqual({ userIds: [userId], faults: [] });
        expect(await ledger.findRecipient(recipient)).toEqual([row]);
        expect(await ledger.findByTask(claim.eventId.split(':')[1] ?? '')).toEqual([row]);
        expect(await ledger.list({ userId }, { limit: 1 })).toEqual({ notifications: [row] });
        expect(await ledger.count({ userId })).toEqual([expect.objectContaining({ count: 1 })]);
        expect(await ledger.read(claim.eventId)).toMatchObject({ notification: row });
        expect(await ledger.countByDay(1)).not.toEqual([]);
      });

      it.each([
        ...tables.flatMap((name) => [
          `delete from bulk_notify.${name}`,
          `truncate bulk_notify.${name}`,
        ]),
        "update bulk_notify.bulk_upload_notification_events set state = 'sent'",
        "select bulk_notify.park('x', 'gave_up', 'run-1', 0, null, null, null)",
        'select bulk_notify.submit(0)',
        `select bulk_notify.find_addresses('${randomUUID()}')`,
        "select bulk_notify.forget_recipients('1 day')",
        'select email from auth.users',
        'select email from public.profiles',
        'create table bulk_notify.mine (id integer)',
      ])('does not let it %s', async (sql) => {
        await expect(reader.query(sql)).rejects.toMatchObject({ code: '42501' });
      });

      it('is told apart from roles with too few or too many rights', async () => {
        expect(await checkReaderRights(reader.database)).toEqual({ lacking: [], excessive: [] });
        const { lacking, excessive } = await checkReaderRights(worker.database);
        expect(lacking).toContain('table attempts');
        expect(excessive).toContain('function claim');
      });
    });

    it('does not let the worker shadow a table of the ledger', async () => {
      const { eventId } = claimOf();
      const client = new Client({ connectionString: supabase.urlAs('bulk_notify', password) });
      await client.connect();

      await client.query('create temp table bulk_upload_notification_events (id text)');
      await client.query("select bulk_notify.park($1, 'gave_up', 'run-1', 0, null, null, null)", [
        eventId,
      ]);

      const { rows } = await client.query('select from bulk_upload_notification_events');
      await client.end();
      expect(rows).toEqual([]);
    });

    it.each(VISITORS)('refuses %s every table and function of the ledger', async (role) => {
      const asVisitor = (sql: string) =>
        supabase.asOwner(`begin; set local role ${role}; ${sql}; rollback`);

      for (const sql of [
        'select * from bulk_notify.bulk_upload_notification_events',
        'select * from bulk_notify.attempts',
        'select bulk_notify.submit(0)',
        `select * from bulk_notify.find_addresses('${randomUUID()}')`,
      ]) {
        await expect(asVisitor(sql)).rejects.toMatchObject({ code: '42501' });
      }
    });

    it.each(VISITORS)('grants %s nothing in the schema', async (role) => {
      const ours = `relnamespace = 'bulk_notify'::regnamespace and case`;
      const [schema, relations, sequences, functions] = await Promise.all([
        supabase.asOwner(`select has_schema_privilege('${role}', 'bulk_notify', 'usage')`),
        supabase.asOwner(`select relname from pg_class
          where ${ours} when relkind in ('r', 'v', 'm', 'p') then has_table_privilege('${role}', oid,
            'select, insert, update, delete, truncate, references, trigger') end`),
        supabase.asOwner(`select relname from pg_class
          where ${ours} when relkind = 'S' then
            has_sequence_privilege('${role}', oid, 'usage, select, update') end`),
        supabase.asOwner(`select proname from pg_proc
          where pronamespace = 'bulk_notify'::regnamespace
            and has_function_privilege('${role}', oid, 'execute')`),
      ]);
      expect({ schema, relations, sequences, functions }).toEqual({
        schema: [{ has_schema_privilege: false }],
        relations: [],
        sequences: [],
        functions: [],
      });
    });

    it.each(blocksUnder('Looking things up'))('has an example that runs: %s', async (_, sql) => {
      expect(await supabase.asOwner(sql)).toEqual(expect.any(Array));
    });
  },
);
