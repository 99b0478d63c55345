import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { runSetup } from '../../tools/sandbox/service/service-process';
import { SWEEP_SCHEDULE } from '../../src/temporal/schedule';
import { suite } from '../support/suite';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let client: Client;
let namespace: string;

beforeEach(async () => {
  namespace = `schedule-${randomUUID()}`;
  client = await connectClient({ ...suite().temporal, namespace });
});

afterEach(() => client.connection.close());

/** `bulk-notify setup` of a namespace of the test's own. */
const setup = (change: Record<string, string> = {}) =>
  runSetup({
    TEMPORAL_ADDRESS: suite().temporal.address,
    TEMPORAL_NAMESPACE: namespace,
    DATABASE_URL: suite().postgres.url,
    ...change,
  });

const describeSchedule = () => client.schedule.getHandle(SWEEP_SCHEDULE).describe();

async function listSchedules(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  return ids;
}

describe('the schedule of the sweep', () => {
  it('is made by setup, says what it is for and lets no two sweeps overlap', async () => {
    await setup({ SWEEP_AFTER: '10m', RESEND_WINDOW: '1h', TEMPORAL_TASK_QUEUE: 'mails' });

    expect(await describeSchedule()).toMatchObject({
      spec: { intervals: [{ every: 5 * MINUTE }] },
      action: {
        workflowType: 'sweepUploads',
        taskQueue: 'mails',
        args: [{ sweepAfterMs: 10 * MINUTE, resendWindowMs: HOUR }],
      },
      policies: { overlap: 'SKIP', catchupWindow: 5 * MINUTE },
      state: { paused: false, note: expect.stringContaining('webhook never came') as string },
    });
  });

  it('is one however often setup runs, as the last of them wants it', async () => {
    await setup();
    await setup({ SWEEP_EVERY: '1m', SWEEP_AFTER: '2h', RESEND_WINDOW: '0' });

    await until('it is listed', async () => (await listSchedules()).length > 0);
    expect(await listSchedules()).toEqual([SWEEP_SCHEDULE]);
    expect(await describeSchedule()).toMatchObject({
      spec: { intervals: [{ every: MINUTE }] },
      action: { args: [{ sweepAfterMs: 2 * HOUR, resendWindowMs: 0 }] },
    });
  });

  it('stays paused, for the reason that was given, when setup runs again', async () => {
    await setup();
    await client.schedule.getHandle(SWEEP_SCHEDULE).pause('jane: the provider is moving');

    await setup({ SWEEP_EVERY: '1m' });

    expect(await describeSchedule()).toMatchObject({
      spec: { intervals: [{ every: MINUTE }] },
      state: { paused: true, note: 'jane: the provider is moving' },
    });
  });
});
