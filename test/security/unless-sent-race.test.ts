import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { createNotifications } from '../../src/temporal/notifications';
import { WORKFLOW_TYPE } from '../../workflows/notification/messages';
import { startOptions } from '../../workflows/notification/start-options';
import { workflowId } from '../../workflows/core/workflow-id';
import { createRandom } from '../../tools/sandbox/random';
import type { ReceivedMail } from '../../tools/sandbox/relay/mailbox';
import { until } from '../../tools/sandbox/until';
import { query } from '../support/read-ledger';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';

const NOTIFICATIONS = 200;
const AT_ONCE = 25;
/** These are requested while the relay defers every mail. */
const DEFERRED = NOTIFICATIONS / 5;
/** From the start of a run to well after its mail. */
const REQUESTED_WITHIN_MS = 700;
/** From the moment at which the relay has the mail to well after its 250 has been recorded. */
const RECORDED_WITHIN_MS = 100;
const WINDOWS_MS = [0, 1_000];
const LOOK_AGAIN_MS = 5_000;
const NOT_NOW = { step: 'mail-from', code: 451, text: '4.3.0 not now' } as const;
/** A mail that the relay has deferred is sent at the next request. */
const MAIL_TIMEOUT_MS = 150_000;
const SEED = 'unless-sent';

type Upload = Awaited<ReturnType<Surroundings['addUpload']>>;

let surroundings: Surroundings;
let client: Client;

beforeAll(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  await surroundings.start('worker');
});
afterAll(() => Promise.all([surroundings.close(), client.connection.close()]));

it('200 notifications are each sent once, however requests with unlessSent race with the sends', async () => {
  const { relay } = surroundings;
  const uploads = await surroundings.addUploads(Array.from({ length: NOTIFICATIONS }, () => ({})));
  const races = uploads.map((upload, index) => createRace(upload, index));
  const deferred = races.slice(0, DEFERRED);

  relay.answer({ ...NOT_NOW, times: Infinity });
  await someAtOnce(deferred, async (race) => {
    await race.start();
    await race.request('before');
  });
  await until(
    'the early requests are recorded',
    async () => {
      const { before } = await countInLedger(uploads);
      return before === DEFERRED;
    },
    { timeoutMs: 120_000, intervalMs: 250 },
  );
  relay.answerNormally();
  relay.answer({ ...NOT_NOW, times: NOTIFICATIONS / 5 });
  relay.answer({ step: 'final-reply', delayMs: 50, times: Infinity });
  await someAtOnce(races, async (race) => {
    if (!deferred.includes(race)) await race.start();
    await race.run();
  });

  const received = relay.received.flatMap(({ envelope }) => envelope.to);
  expect(received.sort()).toEqual(uploads.map(({ address }) => address).sort());
  // Requests came before the mail was accepted and after it: else there was no race.
  expect(await countInLedger(uploads)).toEqual({
    ...{ sent: NOTIFICATIONS, before: DEFERRED, after: 0 },
  });
}, 300_000);

async function someAtOnce<T>(entries: readonly T[], use: (entry: T) => Promise<void>) {
  const left = [...entries];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let entry = left.shift(); entry; entry = left.shift()) await use(entry);
    }),
  );
}

/** One notification, and the requests that come around its send and around the end of its run. */
function createRace({ taskId, address }: Upload, index: number) {
  const { taskQueue, relay } = surroundings;
  const random = createRandom(SEED).fork(String(index));
  const id = workflowId(taskId, 'completed');
  const options = { resendWindowMs: random.pick(WINDOWS_MS) };
  const notifications = createNotifications({ client, taskQueue, ...options });
  const event = { taskId, isVerified: true, stats: { total: 12, completed: 12 } };
  const request = (requestId?: string) =>
    notifications.resend(taskId, 'completed', { requestId, unlessSent: true });
  const result = () => client.workflow.getHandle(id).result();

  async function requestWithin(delayMaxMs: number) {
    await delay(random.between(0, delayMaxMs));
    await request();
  }

  /** The relay may have deferred the mail once more after the last request that came before it. */
  async function requestUntil(accepted: Promise<unknown>) {
    while (!(await Promise.race([accepted, delay(LOOK_AGAIN_MS)]))) await request();
    await requestWithin(RECORDED_WITHIN_MS);
  }

  return {
    start: () =>
      client.workflow.start(WORKFLOW_TYPE, {
        ...{ workflowId: id, taskQueue },
        ...startOptions(event, 'completed', options),
      }),
    request,
    async run() {
      const isOurs = ({ envelope }: ReceivedMail) => envelope.to.includes(address!);
      await Promise.all([
        requestWithin(REQUESTED_WITHIN_MS),
        requestWithin(REQUESTED_WITHIN_MS),
        requestUntil(relay.waitForMail(isOurs, MAIL_TIMEOUT_MS)),
      ]);
      expect(await result()).toMatchObject({ state: 'sent' });
      await request('after');
      expect(await result()).toMatchObject({ state: 'sent' });
    },
  };
}

async function countInLedger(uploads: Upload[]) {
  const ids = uploads.map(({ taskId }) => workflowId(taskId, 'completed'));
  const [counts] = await query<{ sent: number; before: number; after: number }>(
    surroundings.postgres.url,
    `select
       (select count(*)::integer from bulk_notify.bulk_upload_notification_events
          where id = any ($1) and state = 'sent' and sent_count = 1) as sent,
       count(*) filter (where request_id = 'before')::integer as before,
       count(*) filter (where request_id = 'after')::integer as after
     from bulk_notify.resends where event_id = any ($1)`,
    [ids],
  );
  return counts!;
}
