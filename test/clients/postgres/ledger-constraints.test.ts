// What holds whatever the code does: raw SQL, as the owner of the tables.
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

describe('the database', () => {
  const insertAttempt = (eventId: string, resend: number, state: string) =>
    postgres.query(
      `insert into bulk_notify.attempts
         (event_id, resend, run_id, message_id, mail_date, state, settled_at)
       values ($1, $2, 'run', '<m>', now(), $3, case when $3 = 'sending' then null else now() end)
       returning id`,
      [eventId, resend, state],
    );
  const insertEvent = (id: string, state: string, reason = state === 'parked' ? 'refused' : null) =>
    postgres.query(
      `insert into bulk_notify.bulk_upload_notification_events (id, state, reason, sent_count)
       values ($1, $2, $3, $4)`,
      [id, state, reason, state === 'sent' ? 1 : 0],
    );

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

  const eventStates = ['waiting', 'sending', 'sent', 'parked'];
  const eventTransitions = [
    ...[
      'waiting>sending',
      'waiting>sent',
      'waiting>parked',
      'sending>sent',
      'sending>waiting',
      'sending>parked',
    ],
    ...['sent>waiting', 'parked>waiting'],
  ];
  it.each(pairs(eventStates))('lets an event go from %s to %s or not', async (from, to) => {
    const eventId = newEventId();
    await insertEvent(eventId, from);

    const update = postgres.query(
      `update bulk_notify.bulk_upload_notification_events
         set state = $2, reason = case $2 when 'parked' then 'refused' end, sent_count = 1
         where id = $1`,
      [eventId, to],
    );

    await expectTransition(update, from === to || eventTransitions.includes(`${from}>${to}`));
    expect(await postgres.eventOf(eventId)).toMatchObject({
      state: eventTransitions.includes(`${from}>${to}`) ? to : from,
    });
  });

  const attemptStates = ['sending', 'accepted', 'refused', 'deferred', 'ambiguous'];
  it.each(pairs(attemptStates))('lets an attempt go from %s to %s or not', async (from, to) => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sending');
    await insertAttempt(eventId, 0, from);

    const update = postgres.query(
      `update bulk_notify.attempts
         set state = $2, settled_at = case when $2 = 'sending' then null else now() end
         where event_id = $1`,
      [eventId, to],
    );

    const allowed =
      from === 'sending' || from === to || (from === 'ambiguous' && to === 'accepted');
    await expectTransition(update, allowed);
    expect((await postgres.attemptsOf(eventId)).map(({ state }) => state)).toEqual([
      allowed ? to : from,
    ]);
  });

  const task = '3f0d2a52-9c6f-4a5e-8d59-3a0f7a1f0c11';
  const refusals: [what: string, id: string, state: string, constraint: string | undefined][] = [
    ['an id of another kind', `something:${task}:failed`, 'waiting', 'id_has_task_and_outcome'],
    [
      'an id that continues',
      `bulk_upload_notification:${task}:failed:1`,
      'waiting',
      'id_has_task_and_outcome',
    ],
    [
      'an id in capital letters',
      `bulk_upload_notification:${task.toUpperCase()}:failed`,
      'waiting',
      'id_has_task_and_outcome',
    ],
    ['an id without a task', 'bulk_upload_notification:x:failed', 'waiting', undefined],
    ['an unknown outcome', `bulk_upload_notification:${task}:lost`, 'waiting', 'outcome_is_known'],
    [
      'parked without a reason',
      `bulk_upload_notification:${task}:failed`,
      'parked',
      'parked_has_a_reason',
    ],
    ['sent without a count', `bulk_upload_notification:${task}:failed`, 'sent', 'sent_has_a_count'],
    ['an unknown state', `bulk_upload_notification:${task}:failed`, 'lost', 'state_is_known'],
  ];
  it.each(refusals)('refuses %s', async (_, id, state, constraint) => {
    const insert = postgres.query(
      'insert into bulk_notify.bulk_upload_notification_events (id, state) values ($1, $2)',
      [id, state],
    );
    await expect(insert).rejects.toMatchObject({ constraint });
  });

  it('refuses a reason without parking', async () => {
    await expect(insertEvent(newEventId(), 'waiting', 'refused')).rejects.toMatchObject({
      constraint: 'parked_has_a_reason',
    });
  });

  it('refuses a settled attempt without its time', async () => {
    const eventId = newEventId();
    await insertEvent(eventId, 'sending');
    await insertAttempt(eventId, 0, 'sending');
    const update = `update bulk_notify.attempts set state = 'accepted'
      where event_id = $1`;
    await expect(postgres.query(update, [eventId])).rejects.toMatchObject({
      constraint: 'settled_has_a_time',
    });
  });
});

function pairs(states: string[]): [string, string][] {
  return states.flatMap((from) => states.map((to): [string, string] => [from, to]));
}

async function expectTransition(update: Promise<unknown>, allowed: boolean): Promise<void> {
  if (allowed) await update;
  else await expect(update).rejects.toThrow('not a transition of');
}
