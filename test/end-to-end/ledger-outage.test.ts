import type { Client } from '@temporalio/client';
import { simpleParser } from 'mailparser';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres, type SandboxPostgres } from '../../tools/sandbox/postgres/postgres';
import { runSetup } from '../../tools/sandbox/service/service-process';
import { createNotifications } from '../../src/temporal/notifications';
import type { NotificationStatus } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import { query } from '../support/read-ledger';
import { reportEvent } from '../support/report-event';
import { retryAllNow } from '../support/retry-now';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { suite } from '../support/suite';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

const NOTIFICATIONS = 200;
const SENT_BEFORE = 60;
const OUTAGE_MS = 5_000;

let postgres: SandboxPostgres;
let surroundings: Surroundings | undefined;
let client: Client;

beforeAll(async () => {
  [postgres, client] = await Promise.all([startPostgres(), connectClient()]);
  await runSetup({ TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: postgres.url });
});

afterAll(async () => {
  await Promise.all([surroundings?.close(), client.connection.close()]);
  await postgres.close();
});

describe('an outage of Postgres in the middle of many sends', () => {
  it('loses no mail and doubles none', async () => {
    const { relay, taskQueue, addUpload, start } = (surroundings = await startSurroundings({
      postgres,
    }));
    const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
    const taskIds: string[] = [];
    for (let i = 0; i < NOTIFICATIONS; i += 1) {
      taskIds.push((await addUpload()).taskId);
    }
    // More than wait at the relay: others can be claimed.
    await start('worker', { SMTP_MAX_CONNECTIONS: '30' });

    const started = Promise.all(taskIds.map((taskId) => reportEvent(notifications, taskId)));
    await until('many are sent', () => relay.received.length >= SENT_BEFORE);
    // Some have submitted their mail and some have not when the database goes.
    const submitted = relay.hold('final-reply');
    await submitted.reached;
    const claimed = relay.hold('mail-from');
    await claimed.reached;
    await postgres.stop();
    relay.answerNormally();
    await delay(OUTAGE_MS);
    const sentBeforeTheEnd = relay.received.length;
    await postgres.start();
    await started;

    const ids = taskIds.map((taskId) => workflowId(taskId, 'completed'));
    const results = Promise.all(
      ids.map((id) => client.workflow.getHandle(id).result() as Promise<NotificationStatus>),
    );
    await retryAllNow(client, ids, 'sendMail');
    const states = (await results).map(({ state }) => state);

    expect(sentBeforeTheEnd).toBeLessThan(NOTIFICATIONS);
    expect(new Set(states)).toEqual(new Set(['sent']));
    expect(relay.received).toHaveLength(NOTIFICATIONS);
    const mails = await Promise.all(relay.received.map(({ raw }) => simpleParser(raw)));
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(NOTIFICATIONS);
    expect(
      await query(
        postgres.url,
        `select state, sent_count, count(*)::integer from bulk_notify.bulk_upload_notification_events
           group by 1, 2`,
      ),
    ).toEqual([{ state: 'sent', sent_count: 1, count: NOTIFICATIONS }]);
  });
});
