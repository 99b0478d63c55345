// Constraints that hold for every program: the tests write raw SQL as the owner of the tables.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LedgerOnPostgres,
  ledgerOnPostgres,
  newEventId,
} from '../../support/ledger-on-postgres';

let postgres: LedgerOnPostgres;
beforeAll(() => {
  postgres = ledgerOnPostgres();
});
afterAll(() => postgres.close());

const insertEvent = (id: string, state: string, reason = state === 'parked' ? 'refused' : null) =>
  postgres.query(
    `insert into bulk_notify.bulk_upload_notification_events (id, state, reason, sent_count)
     values ($1, $2, $3, $4)`,
    [id, state, reason, state === 'sent' ? 1 : 0],
  );

const insertAttempt = (eventId: string, resend: number, state: string) =>
  postgres.query(
    `insert into bulk_notify.attempts
       (event_id, resend, run_id, message_id, mail_date, state, scheduled_at, settled_at)
     values ($1, $2, 'run', '<m>', now(), $3, now(), case when $3 = 'sending' then null else now() end)`,
    [eventId, resend, state],
  );

describe('the transitions of docs/ledger.md', () => {
  const doc = readFileSync(join(__dirname, '../../../docs/ledger.md'), 'utf8');
  const events = transitionsOf('a notification');
  const attempts = transitionsOf('an attempt');

  it.each(pairsOf(events))('a notification from %s to %s: %s', async (from, to, verdict) => {
    const eventId = newEventId();
    await insertEvent(eventId, from);

    const update = postgres.query(
      `update bulk_notify.bulk_upload_notification_events
         set state = $2, reason = case $2 when 'parked' then 'refused' end, sent_count = 1
         where id = $1`,
      [eventId, to],
    );

    await expectVerdict(update, verdict);
    const state = verdict === 'allowed' ? to : from;
    expect(await postgres.eventOf(eventId)).toMatchObject({ state });
  });

  it.each(pairsOf(attempts))('an attempt from %s to %s: %s', async (from, to, verdict) => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sending');
    await insertAttempt(eventId, 0, from);

    const update = postgres.query(
      `update bulk_notify.attempts
         set state = $2, settled_at = case when $2 = 'sending' then null else now() end
         where event_id = $1`,
      [eventId, to],
    );

    await expectVerdict(update, verdict);
    const state = verdict === 'allowed' ? to : from;
    expect(await postgres.attemptsOf(eventId)).toMatchObject([{ state }]);
  });

  it('are drawn in the picture as in the table', () => {
    const drawn = [...doc.matchAll(/^ {2}(\w+) --> (\w+):/gm)].map(([, from, to]) => [from, to]);
    const listed = [...events].flatMap(([from, next]) => [...next].map((to) => [from, to]));

    expect(drawn.sort()).toEqual(listed.sort());
  });

  it('name every state that the tables can hold', async () => {
    const checks = await postgres.query<{ check: string }>(
      `select pg_get_constraintdef(oid) as check from pg_constraint
         where conname = 'state_is_known' and conrelid in
           ('bulk_notify.bulk_upload_notification_events'::regclass, 'bulk_notify.attempts'::regclass)`,
    );
    const known = checks.flatMap(({ check }) => check.match(/(?<=')\w+(?=')/g) ?? []);

    expect(known.sort()).toEqual([...events.keys(), ...attempts.keys()].sort());
  });

  /** The states in the first column of a table, each with those that it can become. */
  function transitionsOf(heading: string): Map<string, Set<string>> {
    const rows = doc.split(new RegExp(`^\\| ${heading} .*\\n`, 'm'))[1]?.split('\n\n')[0] ?? '';
    const cells = rows.split('\n').map((row) => row.split('|').map((cell) => namesIn(cell)));
    return new Map(
      cells.flatMap(([, names, , to]): [string, Set<string>][] =>
        names?.[0] && to ? [[names[0], new Set(to)]] : [],
      ),
    );
  }

  function namesIn(cell: string): string[] {
    return cell.match(/(?<=`)\w+(?=`)/g) ?? [];
  }

  function pairsOf(transitions: Map<string, Set<string>>): [string, string, Verdict][] {
    const states = [...transitions.keys()];
    return states.flatMap((from) =>
      states.map((to): [string, string, Verdict] => {
        const allowed = from === to || transitions.get(from)?.has(to);
        return [from, to, allowed ? 'allowed' : 'refused'];
      }),
    );
  }
});

describe('the table of attempts', () => {
  it('refuses a second accepted attempt of one resend', async () => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sent');
    await insertAttempt(eventId, 0, 'accepted');
    await insertAttempt(eventId, 1, 'accepted');
    await expect(insertAttempt(eventId, 0, 'accepted')).rejects.toMatchObject({
      constraint: 'attempts_one_accepted',
    });
  });

  it('refuses a second open claim of one notification', async () => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sending');
    await insertAttempt(eventId, 0, 'sending');
    await expect(insertAttempt(eventId, 1, 'sending')).rejects.toMatchObject({
      constraint: 'attempts_one_claim',
    });
  });

  it('refuses a settled attempt without its time', async () => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sending');
    await insertAttempt(eventId, 0, 'sending');
    const update = `update bulk_notify.attempts set state = 'accepted' where event_id = $1`;
    await expect(postgres.query(update, [eventId])).rejects.toMatchObject({
      constraint: 'settled_has_a_time',
    });
  });
});

describe('the table of notifications', () => {
  const task = '3f0d2a52-9c6f-4a5e-8d59-3a0f7a1f0c11';
  const id = `bulk_upload_notification:${task}:failed`;
  const refusals: [what: string, id: string, state: string, constraint: string | undefined][] = [
    ['an ID of another kind', `something:${task}:failed`, 'waiting', 'id_has_task_and_outcome'],
    ['an ID that continues', `${id}:1`, 'waiting', 'id_has_task_and_outcome'],
    [
      'an ID in capital letters',
      id.replace(task, task.toUpperCase()),
      'waiting',
      'id_has_task_and_outcome',
    ],
    ['an ID without a task', 'bulk_upload_notification:x:failed', 'waiting', undefined],
    ['an unknown outcome', id.replace('failed', 'lost'), 'waiting', 'outcome_is_known'],
    ['an unknown state', id, 'lost', 'state_is_known'],
    ['parked without a reason', id, 'parked', 'parked_has_a_reason'],
    ['sent without a count', id, 'sent', 'sent_has_a_count'],
  ];
  it.each(refusals)('refuses %s', async (_, refused, state, constraint) => {
    const insert = postgres.query(
      'insert into bulk_notify.bulk_upload_notification_events (id, state) values ($1, $2)',
      [refused, state],
    );
    await expect(insert).rejects.toMatchObject({ constraint });
  });

  it('refuses a reason without parking', async () => {
    await expect(insertEvent(newEventId(), 'waiting', 'refused')).rejects.toMatchObject({
      constraint: 'parked_has_a_reason',
    });
  });
});

type Verdict = 'allowed' | 'refused';

async function expectVerdict(update: Promise<unknown>, verdict: Verdict): Promise<void> {
  if (verdict === 'allowed') await update;
  else await expect(update).rejects.toThrow('not a transition of');
}
