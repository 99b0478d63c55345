import type { Client } from '@temporalio/client';
import { createNotifications, type Notifications } from '../../src/temporal/notifications';
import { pendingActivities } from '../../tools/sandbox/temporal/pending-activities';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { newBulkId } from '../support/new-bulk-id';
import { reportEvent } from '../support/report-event';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';

const LOOK_UPS = 150;
const BACKLOG = 30;
const AT_ONCE = 10;
/**
 * Of the backlog, in front of a mail that is in the queue: those that the worker has already, two for
 * each of its five connections, and the one that the server is handing out.
 */
const IN_FRONT_MAX = 11;

let client: Client;
let surroundings: Surroundings;
let notifications: Notifications;

beforeAll(async () => {
  client = await connectClient();
});
afterAll(() => client.connection.close());

beforeEach(async () => {
  surroundings = await startSurroundings();
  const { taskQueue } = surroundings;
  notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
  await surroundings.start('worker', { SMTP_MAX_PER_SECOND: '1' });
});
afterEach(() => surroundings.close());

type Added = Awaited<ReturnType<Surroundings['addUpload']>>;
type Upload = Pick<Added, 'taskId' | 'userId'>;

const report = ({ taskId, userId }: Upload) => reportEvent(notifications, taskId, userId);

/** Temporal has two seconds for each start. */
async function reportInGroups(uploads: Upload[]): Promise<void> {
  for (let at = 0; at < uploads.length; at += AT_ONCE) {
    await Promise.all(uploads.slice(at, at + AT_ONCE).map(report));
  }
}

const sentCount = () => surroundings.relay.received.length;

/** Among all mails; -1 while it is not sent. */
const placeOf = (address: string | null) =>
  surroundings.relay.received.findIndex(({ envelope }) => envelope.to.includes(address ?? ''));

/** How many mails left between the moment when this one was in the queue and its own. */
async function untilSent({ taskId, address }: Added): Promise<number> {
  const isSent = () => placeOf(address) >= 0;
  const run = { workflowId: workflowId(taskId, 'completed') };
  let queuedAt = 0;
  await until('it is in the queue, or sent', async () => {
    queuedAt = sentCount();
    const pending = await pendingActivities(client, run);
    return pending.some(({ activityType: type }) => type?.name === 'sendMail') || isSent();
  });
  await until('it is sent', isSent);
  return placeOf(address) - queuedAt;
}

describe('with SMTP_MAX_PER_SECOND=1, a mail does not wait behind', () => {
  it('look-ups that wait for the provider', async () => {
    const { provider } = surroundings;
    const known = await surroundings.addUpload();
    await report(known);
    await until('it is sent', () => sentCount() === 1);
    provider.fail({ status: 503 });
    const uploads = await surroundings.addUploads(Array.from({ length: LOOK_UPS }, () => ({})));
    await reportInGroups(uploads);
    await until('each was looked up', () => provider.requests.length > LOOK_UPS);

    const requestedAt = Date.now();
    await notifications.resend(known.taskId, 'completed', { requestedBy: 'Kim' });
    await until('it is sent again', () => sentCount() === 2);

    expect(Date.now() - requestedAt).toBeLessThan((LOOK_UPS / 3) * 1_000);
  }, 180_000);

  it('the mails of a bulk resend', async () => {
    const { provider } = surroundings;
    const uploads = await surroundings.addUploads(Array.from({ length: BACKLOG }, () => ({})));
    const fresh = await surroundings.addUpload();
    const requestId = newBulkId();
    await Promise.all(
      uploads.map(({ taskId }) => notifications.resend(taskId, 'completed', { requestId })),
    );
    await until('each was looked up', () => provider.requests.length >= BACKLOG);

    await report(fresh);

    expect(await untilSent(fresh)).toBeLessThanOrEqual(IN_FRONT_MAX);
  });

  it('the many mails of another user', async () => {
    const { provider } = surroundings;
    const [busy, other] = await surroundings.addUploads([{}, {}]);
    const { userId } = busy!;
    const tasks = Array.from({ length: BACKLOG }, () =>
      provider.addTask({ user_id: userId, file: {} }),
    );
    await reportInGroups(tasks.map(({ id: taskId }) => ({ taskId, userId })));
    await until('each was looked up', () => provider.requests.length >= BACKLOG);

    await report(other!);

    expect(await untilSent(other!)).toBeLessThanOrEqual(IN_FRONT_MAX);
  });
});
