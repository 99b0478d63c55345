import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { createNotifications } from '../../src/temporal/notifications';
import { WORKFLOW_TYPE } from '../../workflows/notification/messages';
import { startOptions } from '../../workflows/notification/start-options';
import { workflowId } from '../../workflows/core/workflow-id';
import { createRandom } from '../../tools/sandbox/random';
import { query } from '../support/read-ledger';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';

const NOTIFICATIONS = 200;
const AT_ONCE = 25;
const REQUESTS = 3;
/** From the start of a run to well after its mail. */
const REQUESTED_WITHIN_MS = 700;
const WINDOWS_MS = [0, 1_000];
const LOOK_AGAIN_MS = 5_000;
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
  const random = createRandom(SEED);
  const uploads = await surroundings.addUploads(Array.from({ length: NOTIFICATIONS }, () => ({})));
  relay.answer({ step: 'mail-from', code: 451, text: '4.3.0 not now', times: NOTIFICATIONS / 5 });
  relay.answer({ step: 'final-reply', delayMs: 50, times: Infinity });

  const left = [...uploads];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let upload = left.pop(); upload; upload = left.pop()) {
        await race(upload, random.fork(upload.taskId));
      }
    }),
  );

  const received = relay.received.flatMap(({ envelope }) => envelope.to);
  expect(received.sort()).toEqual(uploads.map(({ address }) => address).sort());
  const { sent, recorded } = await countInLedger(uploads);
  expect(sent).toBe(NOTIFICATIONS);
  // Requests came before the mail was accepted and after it: else there was no race.
  expect(recorded).toBeGreaterThan(NOTIFICATIONS / 5);
  expect(recorded).toBeLessThan(NOTIFICATIONS * REQUESTS);
}, 180_000);

/** Starts a run, whose requests come around the send and the end of the run, until it is sent. */
async function race({ taskId }: Upload, random: ReturnType<typeof createRandom>) {
  const { taskQueue } = surroundings;
  const id = workflowId(taskId, 'completed');
  const options = { resendWindowMs: random.pick(WINDOWS_MS) };
  const event = { taskId, isVerified: true, stats: { total: 12, completed: 12 } };
  await client.workflow.start(WORKFLOW_TYPE, {
    ...{ workflowId: id, taskQueue },
    ...startOptions(event, 'completed', options),
  });
  const notifications = createNotifications({ client, taskQueue, ...options });
  const request = () => notifications.resend(taskId, 'completed', { unlessSent: true });
  await Promise.all(
    Array.from({ length: REQUESTS }, async () => {
      await delay(random.between(0, REQUESTED_WITHIN_MS));
      await request();
    }),
  );
  // The relay may have deferred the mail once more after the last of them.
  let result: unknown;
  while (!result) {
    await request();
    const closed = client.workflow.getHandle(id).result();
    result = await Promise.race([closed, delay(LOOK_AGAIN_MS)]);
  }
  expect(result).toMatchObject({ state: 'sent' });
}

async function countInLedger(uploads: Upload[]) {
  const ids = uploads.map(({ taskId }) => workflowId(taskId, 'completed'));
  const [counts] = await query<{ sent: number; recorded: number }>(
    surroundings.postgres.url,
    `select
       (select count(*)::integer from bulk_notify.bulk_upload_notification_events
          where id = any ($1) and state = 'sent' and sent_count = 1) as sent,
       (select count(*)::integer from bulk_notify.resends where event_id = any ($1)) as recorded`,
    [ids],
  );
  return counts!;
}
