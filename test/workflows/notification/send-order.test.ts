import { randomUUID } from 'node:crypto';
import { createFakes } from '../../support/fakes';
import { newBulkId } from '../../support/new-bulk-id';
import { startForResend, useTemporal, withWorker } from '../../support/workflow-worker';

const USER = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';

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
});

/** What the history of a run says about its start and its sends. */
async function play(requestId?: string) {
  const fakes = createFakes({ hasRateLimit: true });
  return withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
    const { client } = temporal;
    const signal = { requestId };
    const run = await (requestId
      ? startForResend({ client, taskQueue, taskId: randomUUID(), signal })
      : start({ userId: USER }));
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
