import type { WorkflowExecutionDescription } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Verdict } from '../../../activities/send/mailer';
import { until } from '../../../tools/sandbox/until';
import { accepted, createFakes } from '../../support/fakes';
import { newBulkId } from '../../support/new-bulk-id';
import { startForResend, useTemporal, withWorker } from '../../support/workflow-worker';

const USER = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';

const DEFERRED: Verdict = {
  ...{ verdict: 'deferred', step: 'connect', reply: 'no', configuration: false },
};

const temporal = useTemporal();

describe('a run with a rate limit', () => {
  it('sends the mail of a webhook through the send queue, in turn with other users', async () => {
    const { taskQueue, started, sends } = await play();

    expect(started?.priority).toMatchObject({ priorityKey: 3, fairnessKey: USER });
    expect(sends).toMatchObject([
      {
        taskQueue: { name: `${taskQueue}-send` },
        priority: { priorityKey: 3, fairnessKey: USER },
      },
    ]);
  });

  it.each([
    ['a person', 'OPS-1', 3],
    ['a bulk resend', newBulkId(), 5],
  ])('sends a mail that %s requested with priority', async (_, requestId, priorityKey) => {
    const { started, sends } = await play(requestId);

    expect(started?.priority).toMatchObject({ priorityKey });
    expect(sends).toMatchObject([{ priority: { priorityKey, fairnessKey: USER } }]);
  });

  it.each([
    ['a webhook', undefined],
    ['a person', 'OPS-1'],
  ])(
    'keeps the priority of a mail that waits for %s when a bulk resend asks for it, too',
    async (_, requestId) => {
      const { sends } = await play(requestId, newBulkId());

      expect(sends).toMatchObject([
        { priority: { priorityKey: 3 } },
        { priority: { priorityKey: 3 } },
      ]);
    },
  );

  it('raises the priority of a mail that waits for a bulk resend when a person asks for it, too', async () => {
    const { sends } = await play(newBulkId(), 'OPS-1');

    expect(sends).toMatchObject([
      { priority: { priorityKey: 5 } },
      { priority: { priorityKey: 3 } },
    ]);
  });
});

/**
 * What the history of a run says about its start and its sends. The mail of the first request (without
 * one: of the webhook) is deferred until the second one comes.
 */
async function play(requestId?: string, laterRequestId?: string) {
  const fakes = createFakes({
    hasRateLimit: true,
    ...(laterRequestId && { verdicts: [DEFERRED] }),
  });
  return withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
    const { client } = temporal;
    const signal = { requestId };
    const run = await (requestId
      ? startForResend({ client, taskQueue, taskId: randomUUID(), signal })
      : start({ userId: USER }));
    if (laterRequestId) {
      await until('the mail waits', async () => isRetried(await run.describe()));
      fakes.answerBy({ verdicts: [accepted] });
      await run.signal('resend', { requestId: laterRequestId });
    }
    await run.result();
    const { events } = await run.fetchHistory();
    return {
      taskQueue,
      started: events?.[0]?.workflowExecutionStartedEventAttributes,
      sends: events
        ?.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled ?? [])
        .filter(({ activityType }) => activityType?.name === 'sendMail'),
    };
  });
}

const isRetried = ({ raw }: WorkflowExecutionDescription) =>
  raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1) ?? false;
