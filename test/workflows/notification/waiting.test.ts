import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { once } from 'node:events';
import type { TaskApiFault } from '../../../activities/task/task-api';
import type { Verdict } from '../../../activities/send/mailer';
import { transient } from '../../../activities/failures/transient';
import { resendSignal } from '../../../workflows/notification/messages';
import { accepted, createFakes, type Fakes } from '../../support/fakes';
import { createMemoryLedger } from '../../support/memory-ledger';
import { retryNow } from '../../support/retry-now';
import { until } from '../../../tools/sandbox/until';
import { useTemporal, withWorker } from '../../support/workflow-worker';

const temporal = useTemporal();

const unauthorized: TaskApiFault = {
  ...{ fault: 'unauthorized', status: 401, message: 'the provider answered 401' },
};
const badLogin: Verdict = {
  ...{ verdict: 'deferred', step: 'auth', code: 535, cause: '535', configuration: true },
  reply: '535 5.7.8 bad credentials',
};
const noPassword = () =>
  transient('DatabaseUnavailable', 'the database refused us (28P01)', {
    ...{ part: 'database', code: '28P01' },
  });

describe('a run that waits', () => {
  it('for the provider says why, what to do, and goes on when it is done', async () => {
    const fakes = createFakes({ tasks: [unauthorized] });

    const { details, failure } = await whileWaiting(fakes, 'fetchTask', () =>
      fakes.answerBy({ tasks: [{}] }),
    );

    expect(details).toContain('- Waits for the provider: `the provider answered 401`');
    expect(details).toContain('- Remedy: Correct EXTERNAL_API_ADMIN_KEY');
    expect(failure).toContain('the provider answered 401. Remedy: Correct EXTERNAL_API_ADMIN_KEY');
  });

  it('for the relay says why and what to do', async () => {
    const fakes = createFakes({ verdicts: [badLogin] });

    const { details, failure } = await whileWaiting(fakes, 'sendMail', () =>
      fakes.answerBy({ verdicts: [accepted] }),
    );

    expect(details).toContain('- Waits for the relay: `auth: 535 5.7.8 bad credentials`');
    expect(details).toContain('- Remedy: Correct SMTP_USERNAME or SMTP_PASSWORD');
    expect(failure).toContain('535 5.7.8 bad credentials. Remedy: Correct SMTP_USERNAME');
  });

  it('for the database with its look-up says why and what to do', async () => {
    const fakes = createFakes({ addresses: [noPassword()] });

    const { details, failure } = await whileWaiting(fakes, 'resolveRecipient', () =>
      fakes.answerBy({ addresses: [['a@customer.example']] }),
    );

    expect(details).toContain('- Waits for the database: `the database refused us (28P01)`');
    expect(details).toContain('- Remedy: Correct the user or the password in DATABASE_URL.');
    expect(failure).toContain('Remedy: Correct the user or the password in DATABASE_URL.');
  });

  it('for the database with its mail does not say that it waits for the relay', async () => {
    const ledger = createMemoryLedger();
    const { claim } = ledger;
    ledger.claim = () => Promise.reject(noPassword());
    const fakes = createFakes({ ledger });

    const { details } = await whileWaiting(fakes, 'sendMail', () => {
      ledger.claim = claim;
    });

    expect(details).toContain('**Waiting: sending the mail**');
    expect(details).toContain('- Waits for the database: `the database refused us (28P01)`');
    expect(details).toContain('- Remedy: Correct the user or the password in DATABASE_URL.');
  });
});

describe('a run that waits to record', () => {
  it.each([
    ['that it is parked', 'park', [[]], '**Waiting: recording in the ledger**'],
    [
      'a request',
      'requestResend',
      [['a@customer.example']],
      '**Sent: the relay accepted the mail**',
    ],
  ] as const)('%s says that it waits for the database, and why', async (_, call, found, state) => {
    const ledger = createMemoryLedger();
    const { [call]: record } = ledger;
    Object.assign(ledger, { [call]: () => Promise.reject(noPassword()) });
    const fakes = createFakes({ ledger, addresses: found.map((addresses) => [...addresses]) });

    const details = await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', { resendWindowMs: 3_600_000 });
      if (call === 'requestResend') {
        await until('it is sent', () => fakes.sent.length === 1);
        await handle.signal(resendSignal);
      }
      const seen = await waitingIn(handle);
      Object.assign(ledger, { [call]: record });
      await until('it is recorded', async () => !(await pendingOf(handle)));
      await handle.terminate();
      return seen.details;
    });

    expect(details).toContain(state);
    expect(details).toContain('- Waits for the database: `the database refused us (28P01)`');
    expect(details).toContain('- Remedy: Correct the user or the password in DATABASE_URL.');
  });
});

describe('a run whose mail was deferred while the database was down', () => {
  const later: Verdict = {
    ...{ verdict: 'deferred', step: 'final-reply', code: 451, configuration: false },
    reply: '451 4.3.0 later',
  };

  /** Resolves when the request has reached the attempt that is under way. */
  async function requestNow(): Promise<void> {
    const stopped = once(cancellationSignal(), 'abort');
    const { workflowId = '' } = activityInfo().workflowExecution ?? {};
    await temporal.client.workflow.getHandle(workflowId).signal(resendSignal);
    await stopped;
  }

  it.each(['waits for its next attempt', 'is requested meanwhile', 'is requested before that'])(
    'and that %s, records it before the next attempt is claimed',
    async (what) => {
      const ledger = createMemoryLedger();
      const { claim, settle } = ledger;
      const calls: string[] = [];
      ledger.claim = (attempt) => (calls.push('claim'), claim(attempt));
      ledger.settle = async () => {
        const isFirst = activityInfo().activityType === 'deliverOnce';
        if (isFirst && what === 'is requested before that') await requestNow();
        throw noPassword();
      };
      const fakes = createFakes({ ledger, verdicts: [later, accepted] });

      const details = await withWorker({ ...temporal, fakes }, async (start) => {
        const handle = await start();
        const seen = await waitingIn(handle);
        if (what === 'is requested meanwhile') await handle.signal(resendSignal);
        ledger.settle = (end) => (calls.push(end.attempt), settle(end));
        await retryNow(temporal.client, handle.workflowId, 'recordSettlement', () =>
          calls.includes('deferred'),
        );
        if (what === 'waits for its next attempt') {
          await retryNow(temporal.client, handle.workflowId, 'sendMail');
        }
        expect(await handle.result()).toMatchObject({ state: 'sent' });
        return seen.details;
      });

      expect(calls).toEqual(['claim', 'deferred', 'claim', 'accepted']);
      expect(fakes.sent).toHaveLength(1);
      expect(details).toContain('**Waiting: recording in the ledger**');
    },
  );

  it('ends as cancelled when it is cancelled, and not before it has recorded it', async () => {
    const ledger = createMemoryLedger();
    const { settle } = ledger;
    const recorded: string[] = [];
    ledger.settle = () => Promise.reject(noPassword());
    const fakes = createFakes({ ledger });

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', { resendWindowMs: 3_600_000 });
      await waitingIn(handle);
      await handle.cancel();
      ledger.settle = (end) => (recorded.push(end.attempt), settle(end));
      await retryNow(temporal.client, handle.workflowId, 'recordSettlement');
      await expect(handle.result()).rejects.toThrow('Workflow execution cancelled');
    });

    expect(recorded).toEqual(['accepted']);
  });
});

/** What a person sees while that activity fails; then it is mended, and the run ends as sent. */
async function whileWaiting(fakes: Fakes, activity: string, mend: () => void) {
  return withWorker({ ...temporal, fakes }, async (start) => {
    const handle = await start();
    const seen = await waitingIn(handle);
    mend();
    await retryNow(temporal.client, handle.workflowId, activity);
    expect(await handle.result()).toMatchObject({ state: 'sent' });
    expect(fakes.sent).toHaveLength(1);
    return seen;
  });
}

async function pendingOf(handle: WorkflowHandle) {
  return (await handle.describe()).raw.pendingActivities?.[0];
}

async function waitingIn(handle: WorkflowHandle) {
  await until('it waits', async () => Boolean((await pendingOf(handle))?.lastFailure));
  const failure = (await pendingOf(handle))?.lastFailure?.message;
  return { details: await detailsOf(handle), failure };
}

async function detailsOf(handle: WorkflowHandle): Promise<string | undefined> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}
