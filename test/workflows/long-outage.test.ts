import { activityInfo } from '@temporalio/activity';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../../sandbox/time-skipping';
import type { Mail, TaskApiFault, Verdict } from '../../activities/types';
import { searchAttributes } from '../../workflows/search-attributes';
import { accepted, createFakes } from '../support/fakes';
import { withWorker } from '../support/workflow-worker';

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
}, 120_000);

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
    const mails: Mail[] = [];
    let attempts = 0;
    fakes.dependencies.mailer.send = (mail) => {
      attempts += 1;
      const { currentAttemptScheduledTimestampMs: now, scheduledTimestampMs } = activityInfo();
      if (now - scheduledTimestampMs < 10 * HOUR) return Promise.resolve(down);
      mails.push(mail);
      return Promise.resolve(accepted);
    };

    const { result } = await runToEnd(environment, fakes);

    expect(result).toMatchObject({ state: 'sent' });
    expect(mails).toHaveLength(1);
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(12);
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

/** The result, and the milliseconds between start and end by the server's clock. */
async function runToEnd(
  { client, nativeConnection }: TestWorkflowEnvironment,
  fakes: ReturnType<typeof createFakes>,
) {
  return withWorker({ client, connection: nativeConnection, fakes }, async (start) => {
    const handle = await start();
    const result = await handle.result();
    const { startTime, closeTime } = await handle.describe();
    return { result, waited: Number(closeTime) - Number(startTime) };
  });
}
