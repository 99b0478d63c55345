import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../../../tools/sandbox/temporal/time-skipping';
import type { TaskApiFault } from '../../../activities/task/task-api';
import type { Verdict } from '../../../activities/send/mailer';
import { searchAttributes } from '../../../workflows/core/search-attributes';
import { accepted, createFakes, type Fakes } from '../../support/fakes';
import { startForResend, withWorker } from '../../support/workflow-worker';

const KEYWORD = 2;
const HOUR = 60 * 60 * 1_000;

let environment: TestWorkflowEnvironment | undefined;
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  const server = await startTimeSkipping();
  if ('missing' in server) {
    process.stderr.write(`Long outages are not tested: ${server.missing}\n`);
    return;
  }
  close = server.close;
  environment = await TestWorkflowEnvironment.createTimeSkipping(server);
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace,
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name }) => [name, KEYWORD]),
    ),
  });
});

afterAll(async () => {
  await environment?.teardown();
  await close?.();
});

const down: Verdict = {
  verdict: 'deferred',
  step: 'connect',
  reply: 'ECONNREFUSED',
  configuration: false,
};

describe('a long outage', () => {
  it('of the relay, ten hours, ends in one mail', async () => {
    if (!environment) return;
    const fakes = createFakes();
    const attempts = answerAfter(10 * HOUR, fakes);

    const { result } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
    expect(attempts.length).toBeGreaterThan(5);
    expect(attempts.length).toBeLessThan(12);
  });

  it('of the relay, three days, ends in one mail', async () => {
    if (!environment) return;
    const fakes = createFakes();
    answerAfter(72 * HOUR, fakes);

    const { result } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });

  it('of the relay, five days, is given up after four; a resend then sends one mail', async () => {
    if (!environment) return;
    const { client, nativeConnection: connection } = environment;
    const fakes = createFakes({ verdicts: [down] });
    const { gaveUp, result } = await withWorker(
      { client, connection, fakes },
      async (start, taskQueue) => {
        const given = await start();
        const gaveUp = { ...(await given.result()), ...(await durationOf(given)) };
        fakes.answerBy({ verdicts: [accepted] });
        const { taskId } = gaveUp;
        const signal = { requestedBy: 'operator' };
        const resent = await startForResend({
          ...{ client, taskQueue, taskId, signal },
          resendWindowMs: HOUR,
        });
        return { gaveUp, result: await resent.result() };
      },
    );

    expect(gaveUp).toMatchObject({ state: 'parked', reason: 'gave_up' });
    expect(gaveUp.waited).toBeGreaterThan(90 * HOUR);
    expect(gaveUp.waited).toBeLessThan(101 * HOUR);
    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });

  it('of the provider, a day, ends in one mail', async () => {
    if (!environment) return;
    const down: TaskApiFault = { fault: 'unavailable', message: 'the provider answered 503' };
    const fakes = createFakes({ tasks: [...Array<TaskApiFault>(150).fill(down), {}] });

    const { result } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
  });
});

describe('a look-up that never succeeds', () => {
  it.each(['fetchTask', 'findAddresses'] as const)(
    'is given up when its time is over, whatever it fails with: %s',
    async (name) => {
      if (!environment) return;
      const fakes = createFakes({ giveUpAfterMs: 12 * HOUR });
      const bug = () => Promise.reject(ApplicationFailure.create({ message: 'a bug' }));
      const { taskApi, recipients } = fakes.dependencies;
      if (name === 'fetchTask') taskApi.fetchTask = bug;
      else recipients.findAddresses = bug;

      const { result, waited } = await runToEnd(environment, fakes);

      expect(result).toMatchObject({ state: 'parked', reason: 'gave_up' });
      expect(waited).toBeGreaterThanOrEqual(12 * HOUR);
      expect(waited).toBeLessThan(13 * HOUR);
    },
  );
});

describe('metadata that lags behind the webhook', () => {
  it('is waited for an hour when the task is not found, then parked', async () => {
    if (!environment) return;
    const fakes = createFakes({ tasks: [{ fault: 'not_found', message: '404', status: 404 }] });

    const { result, waited } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'parked', reason: 'task_metadata_missing' });
    expect(waited).toBeGreaterThanOrEqual(HOUR);
    expect(waited).toBeLessThan(1.1 * HOUR);
  });

  it('is waited for ten minutes while the file is processing; then the counts decide', async () => {
    if (!environment) return;
    const fakes = createFakes({ tasks: [{ fileStatus: 'processing' }] });

    const { result, waited } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'sent', outcome: 'completed' });
    expect(waited).toBeGreaterThanOrEqual(HOUR / 6);
    expect(waited).toBeLessThan(HOUR / 5);
  });
});

/** Lets the relay accept mail only that long after the first attempt; returns when it was asked. */
function answerAfter(outage: number, fakes: Fakes): number[] {
  const attempts: number[] = [];
  const { mailer } = fakes.dependencies;
  const { send } = mailer;
  mailer.send = (...args) => {
    const { currentAttemptScheduledTimestampMs, scheduledTimestampMs } = activityInfo();
    const waited = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
    attempts.push(waited);
    return waited < outage ? Promise.resolve(down) : send(...args);
  };
  return attempts;
}

/** The result, and the milliseconds between start and end by the server's clock. */
async function runToEnd({ client, nativeConnection }: TestWorkflowEnvironment, fakes: Fakes) {
  return withWorker({ client, connection: nativeConnection, fakes }, async (start) => {
    const handle = await start();
    const result = await handle.result();
    return { result, ...(await durationOf(handle)) };
  });
}

async function durationOf(handle: WorkflowHandle) {
  const { startTime, closeTime } = await handle.describe();
  return { waited: Number(closeTime) - Number(startTime) };
}
