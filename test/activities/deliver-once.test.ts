import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createActivities } from '../../activities';
import { transient } from '../../activities/failures/transient';
import type { Delivery } from '../../workflows/core/deliver';
import type { TaskApiFault } from '../../activities/task/task-api';
import type { Verdict } from '../../activities/send/mailer';
import { createTaskApi } from '../../src/clients/provider/task-api';
import { workflowId } from '../../workflows/core/workflow-id';
import { accepted, createFakes, type Fakes } from '../support/fakes';

const START = new Date(1).toISOString();
const reply = '550 5.1.1 unknown';
const refused: Verdict = { verdict: 'refused', step: 'rcpt-to', code: 550, reply };
const unavailable: TaskApiFault = { fault: 'unavailable', message: 'the provider answered 503' };

const deferred = { type: 'Send_deferred', message: 'connect: no', part: 'relay' };
const providerFailure = {
  type: 'TaskApiUnavailable',
  message: 'the provider answered 503',
  part: 'provider',
};

const task = expect.objectContaining({ fileName: 'customers.csv' }) as unknown;
const recipient = { source: 'profile' };

describe('deliverOnce', () => {
  it.each<[string, Parameters<typeof createFakes>[0], object]>([
    ['all of it', {}, { task, recipient, sent: { verdict: 'accepted', reply: accepted.reply } }],
    [
      'to the relay that refuses',
      { verdicts: [refused] },
      { task, recipient, sent: { verdict: 'refused', reply } },
    ],
    [
      'to the relay that defers',
      { verdicts: [{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false }] },
      { task, recipient, failure: { ...deferred, delayMs: expect.any(Number) as number } },
    ],
    ['to the mail that a rate limit is for', { hasRateLimit: true }, { task, recipient }],
    [
      'to a user without an address',
      { addresses: [[]] },
      { task, recipient: { reason: 'recipient_missing' } },
    ],
    [
      'to a database that is down',
      { addresses: [new Error('ECONNREFUSED')] },
      { task, failure: { type: 'Error', message: 'ECONNREFUSED' } },
    ],
    [
      'to a database that refuses us',
      { addresses: [transient('DatabaseUnavailable', 'no', { part: 'database', code: '28P01' })] },
      {
        task,
        failure: {
          type: 'DatabaseUnavailable',
          message: 'no',
          part: 'database',
          remedy: 'Correct the user or the password in DATABASE_URL.',
        },
      },
    ],
    ['for a task without a file', { tasks: [{ fileBacked: false }] }, { task: expect.any(Object) }],
    ['to the other outcome', { tasks: [{ fileStatus: 'failed' }] }, { task }],
    ['to a provider that is down', { tasks: [unavailable] }, { failure: providerFailure }],
  ])('is delivered once: %s', async (_, answers, expected) => {
    const fakes = createFakes(answers);

    expect(await run(fakes)).toEqual(expected);
    expect(fakes.sent).toHaveLength('sent' in expected && !answers?.verdicts ? 1 : 0);
  });

  it('waits for no look-up longer than five seconds', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const ofTheProvider = createFakes();
    ofTheProvider.dependencies.taskApi = createTaskApi({
      baseUrl: `http://127.0.0.1:${port}`,
      key: 'k',
    });
    const ofTheDatabase = createFakes();
    ofTheDatabase.dependencies.recipients.findAddresses = () => new Promise(() => undefined);

    const tries = await Promise.all([run(ofTheProvider), run(ofTheDatabase)]);
    silent.close();

    const failure = { type: 'TimeoutError', message: 'out of time' };
    expect(tries).toEqual([{ failure }, { task, failure }]);
  });

  it('gives up nothing because the clock of its worker is days ahead', async () => {
    const fakes = createFakes({ tasks: [{ fault: 'not_found', message: '404', status: 404 }] });
    const daysAhead = Date.parse(START) + 5 * 24 * 60 * 60 * 1_000;

    const found = await run(fakes, environment({ currentAttemptScheduledTimestampMs: daysAhead }));

    expect(found).toMatchObject({ failure: { type: 'TaskNotFound' } });
  });

  it('is ended by a resend while it looks up, to begin anew', async () => {
    const fakes = createFakes();
    fakes.dependencies.recipients.findAddresses = () => new Promise(() => undefined);
    const env = environment();

    const trying = run(fakes, env);
    env.cancel();

    await expect(trying).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(fakes.sent).toEqual([]);
  });

  it('tells what the ledger could not be told, although a resend comes meanwhile', async () => {
    const later: Verdict = {
      ...{ verdict: 'deferred', step: 'final-reply', code: 451, reply: 'later' },
      configuration: false,
    };
    const fakes = createFakes({ verdicts: [later] });
    const env = environment();
    fakes.dependencies.ledger.settle = () => {
      env.cancel();
      return Promise.reject(new Error('the database is gone'));
    };

    const found = await run(fakes, env);

    const unrecorded = { attemptId: '0', attempt: 'deferred', state: 'waiting' };
    expect(found).toMatchObject({ failure: { type: 'Send_deferred', unrecorded } });
  });
});

function run(fakes: Fakes, env = environment(), change: Partial<Delivery> = {}) {
  const { deliverOnce } = createActivities(fakes.dependencies);
  const stats = { total: 12 };
  const delivery: Delivery = {
    event: { taskId: TASK, isVerified: true, stats, jobCount: 12 },
    outcome: 'completed',
    ...{
      resend: 0,
      isBulk: false,
      known: {},
      recordedRequests: 0,
      startedAt: START,
      mailDate: START,
    },
    ...change,
  };
  return env.run(deliverOnce, delivery);
}

const TASK = randomUUID();

function environment(info: Partial<Info> = {}) {
  const workflowExecution = { workflowId: workflowId(TASK, 'completed'), runId: 'run-1' };
  return new MockActivityEnvironment(
    { workflowExecution, isLocal: true, ...info },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
}
