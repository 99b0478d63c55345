import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { Outcome } from '../../../workflows/core/outcome';
import { checkNowSignal } from '../../../workflows/upload-watch/messages';
import { watchId } from '../../../workflows/upload-watch/watch-id';
import { type Answer, createFakes, type Fakes } from '../../support/fakes';
import { until } from '../../../tools/sandbox/until';
import { withUploadWatches } from '../../support/upload-watches';
import { useTemporal, workflowBundle } from '../../support/workflow-worker';

const HOUR = 60 * 60 * 1_000;

const temporal = useTemporal();

const overdue = { sweepAfterMs: 1, giveUpAfterMs: HOUR, resendWindowMs: 0 };
const notDue = { ...overdue, sweepAfterMs: HOUR };

const processing: Answer = { fileStatus: 'processing' };

describe('watchUpload', () => {
  it('starts the notification when the webhook was lost, and counts that once', async () => {
    const fakes = createFakes();

    const ended = await withWatches({ fakes }, async ({ watch, notification, end }) => {
      const watched = await watch();
      return { ...(await end(watched)), notification: await notification(watched) };
    });

    expect(ended).toMatchObject({ result: 'webhook_lost', notification: { state: 'sent' } });
    expect(ended.details).toContain('The webhook was lost');
    expect(fakes.sent).toMatchObject([{ to: 'owner@customer.example', text: '12 addresses' }]);
    expect(fakes.watched).toEqual(['webhook_lost']);
  });

  it('starts it under the outcome that the provider names', async () => {
    const fakes = createFakes({ tasks: [{ fileStatus: 'failed' }] });

    const notification = await withWatches({ fakes }, async ({ watch, notification, end }) => {
      const watched = await watch();
      await end(watched);
      return notification(watched, 'failed');
    });

    expect(notification).toMatchObject({ state: 'sent', outcome: 'failed' });
  });

  it('takes owner and number from the upload where the provider is silent', async () => {
    const fakes = createFakes({ tasks: [{ userId: undefined, emailCount: undefined }] });

    const notification = await withWatches({ fakes }, async ({ watch, notification, end }) => {
      const watched = await watch({ userId: 'user-of-the-upload', emailCount: 77 });
      await end(watched);
      return notification(watched);
    });

    expect(notification).toMatchObject({ userId: 'user-of-the-upload', emailCount: 77 });
  });

  it('has decided the outcome, should the provider not name it again', async () => {
    const fakes = createFakes({ tasks: [{}, { fileStatus: undefined }] });

    const notification = await withWatches({ fakes }, async ({ watch, notification, end }) => {
      const watched = await watch();
      await end(watched);
      return notification(watched);
    });

    expect(notification).toMatchObject({ state: 'sent', outcome: 'completed' });
  });

  it('counts no lost webhook when the uploader named a webhook of its own', async () => {
    const fakes = createFakes();

    const ended = await withWatches({ fakes }, async ({ watch, end }) =>
      end(await watch({ ownCallback: false })),
    );

    expect(ended.result).toBe('webhook_elsewhere');
    expect(fakes.watched).toEqual(['webhook_elsewhere']);
  });

  it('sends no second mail when the notification runs but is not in the ledger', async () => {
    const fakes = createFakes();
    fakes.dependencies.ledger.findOutcomes = () => Promise.resolve([]);

    const ended = await withWatches(
      { fakes, options: notDue },
      async ({ watch, deliver, notification, end }) => {
        const watched = await watch();
        await deliver(watched);
        await notification(watched);
        await watched.signal(checkNowSignal);
        return end(watched);
      },
    );

    expect(ended.result).toBe('already_started');
    expect(fakes.watched).toEqual(['already_started']);
    expect(fakes.sent).toHaveLength(1);
  });

  it('counts a notification once that the ledger names only after the quick question', async () => {
    const fakes = createFakes();
    let answerLate: (outcomes: Outcome[]) => void = () => undefined;
    const late = new Promise<Outcome[]>((resolve) => (answerLate = resolve));
    let asked = 0;
    fakes.dependencies.ledger.findOutcomes = () => {
      asked += 1;
      if (asked > 1) answerLate(['completed']);
      return late;
    };

    const ended = await withWatches({ fakes }, async ({ watch, end }) => end(await watch()));

    expect(ended.result).toBe('notified');
    expect(asked).toBe(2);
    expect(fakes.watched).toEqual(['notified']);
  });

  it('makes a duplicate of a webhook that comes after all, whatever its counts say', async () => {
    const fakes = createFakes();

    const late = await withWatches({ fakes }, async ({ watch, deliver, notification, end }) => {
      const watched = await watch();
      await end(watched);
      await notification(watched);
      const same = await deliver(watched);
      await deliver(watched, { stats: { failed: 1 } });
      return { same, other: await notification(watched, 'failed') };
    });

    expect(late).toMatchObject({
      same: { duplicate: true },
      other: { state: 'handed_over' },
    });
    expect(fakes.sent).toHaveLength(1);
  });

  it('shows until when it waits for the webhook', async () => {
    const fakes = createFakes();

    const details = await withWatches({ fakes, options: notDue }, async ({ watch }) => {
      const watched = await watch({ fileName: 'leads.csv', emailCount: 7 });
      const metadata = await watched.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      await watched.terminate();
      return metadata.currentDetails;
    });

    expect(details).toMatch(/Waiting for the webhook.*\n\n- Until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(details).toContain('- Upload: `leads.csv`, 7 addresses');
  });

  it('ends when it is cancelled while the provider is being asked', async () => {
    const fakes = createFakes({ tasks: [processing] });

    const failed = await withWatches({ fakes }, async ({ watch }) => {
      const watched = await watch();
      await until('the provider was asked', () => fakes.asked.length === 1);
      await watched.cancel();
      return watched.result().catch((err: unknown) => (err as Error).cause);
    });

    expect(failed).toMatchObject({ name: 'CancelledFailure' });
  });
});

describe('checkNow', () => {
  it('ends the wait for the webhook', async () => {
    const fakes = createFakes();

    const ended = await withWatches({ fakes, options: notDue }, async ({ watch, end }) => {
      const watched = await watch();
      await watched.signal(checkNowSignal);
      return end(watched);
    });

    expect(ended.result).toBe('webhook_lost');
  });

  it('ends the wait for the next question to the provider', async () => {
    const fakes = createFakes({ tasks: [processing] });

    const ended = await withWatches({ fakes }, async ({ watch, end }) => {
      const watched = await watch();
      await until('the provider was asked', () => fakes.asked.length === 1);
      fakes.answerBy({ tasks: [{}] });
      await watched.signal(checkNowSignal);
      return end(watched);
    });

    expect(ended.result).toBe('webhook_lost');
  });

  it('is not sent by a second request to watch an upload, which changes nothing', async () => {
    const fakes = createFakes();
    const upload = { taskId: randomUUID(), ownCallback: true };

    const played = await withWatches({ fakes, options: notDue }, async ({ uploadWatches, end }) => {
      const started = [await uploadWatches.watch(upload), await uploadWatches.watch(upload)];
      const asked = fakes.asked.length;
      await uploadWatches.checkNow(upload.taskId);
      const ended = await end(temporal.client.workflow.getHandle(watchId(upload.taskId)));
      await uploadWatches.checkNow(upload.taskId);
      return { started, asked, ...ended };
    });

    expect(played).toMatchObject({ started: [true, false], asked: 0, result: 'webhook_lost' });
    expect(fakes.watched).toEqual(['webhook_lost']);
  });
});

describe('the history of a watch', () => {
  type Play = (watching: Watching, fakes: Fakes) => ReturnType<Watching['watch']>;

  it.each<[string, Answer[], Play]>([
    [
      'whose webhook came in time',
      [{}],
      async ({ watch, deliver, notification }) => {
        const watched = await watch();
        await deliver(watched);
        await notification(watched);
        await watched.signal(checkNowSignal);
        return watched;
      },
    ],
    [
      'whose webhook was lost',
      [{}],
      async ({ watch }) => {
        const watched = await watch();
        await watched.signal(checkNowSignal);
        return watched;
      },
    ],
    [
      'that was told twice to check now',
      [processing],
      async ({ watch }, fakes) => {
        const watched = await watch();
        await watched.signal(checkNowSignal);
        await until('the provider was asked', () => fakes.asked.length === 1);
        fakes.answerBy({ tasks: [{}] });
        await watched.signal(checkNowSignal);
        return watched;
      },
    ],
  ])('%s replays', async (_what, tasks, play) => {
    const fakes = createFakes({ tasks });

    const { id, history } = await withWatches({ fakes, options: notDue }, async (watching) => {
      const watched = await play(watching, fakes);
      await watching.end(watched);
      return { id: watched.workflowId, history: await watched.fetchHistory() };
    });

    const replayed = Worker.runReplayHistory({ workflowBundle }, history, id);
    await expect(replayed).resolves.toBeUndefined();
  });
});

type Watching = Parameters<Parameters<typeof withUploadWatches>[1]>[0];

function withWatches<T>(
  { fakes, options = overdue }: { fakes: Fakes; options?: typeof overdue },
  body: (watching: Watching) => Promise<T>,
): Promise<T> {
  return withUploadWatches({ ...temporal, fakes, options }, body);
}
