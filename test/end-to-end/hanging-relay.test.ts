import type { Client } from '@temporalio/client';
import { createNotifications } from '../../src/temporal/notifications';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { readLedger } from '../support/read-ledger';
import { reportEvent } from '../support/report-event';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';

/** As many workflow tasks as the SDK gives a worker by default. */
const CONNECTIONS = 40;

let surroundings: Surroundings;
let client: Client;

beforeAll(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
});
afterAll(() => Promise.all([surroundings.close(), client.connection.close()]));

it('leaves room for other tasks, however many mails wait for its reply', async () => {
  const { relay, postgres, taskQueue } = surroundings;
  const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
  await surroundings.start('worker', { SMTP_MAX_CONNECTIONS: `${CONNECTIONS}` });
  const uploads = await surroundings.addUploads(Array.from({ length: CONNECTIONS }, () => ({})));
  const { taskId } = await surroundings.addUpload({ email: null });
  const hold = relay.hold('final-reply');

  for (const upload of uploads) await reportEvent(notifications, upload.taskId);
  await until('all mails are on their way', () => relay.connections() === CONNECTIONS);
  await reportEvent(notifications, taskId);

  const id = workflowId(taskId, 'completed');
  await until('another one is parked', async () => {
    const { event } = await readLedger(postgres.url, id);
    return event?.reason === 'recipient_missing';
  });
  expect(relay.received).toEqual([]);

  hold.release();
  await until('all are sent', () => relay.received.length === CONNECTIONS);
});
