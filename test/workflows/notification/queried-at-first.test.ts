import { Worker } from '@temporalio/worker';
import { statusQuery } from '../../../workflows/notification/messages';
import { createFakes } from '../../support/fakes';
import { useTemporal, withLateWorker, workflowBundle } from '../../support/workflow-worker';

const RUNS = 30;
/** Temporal's EVENT_TYPE_WORKFLOW_TASK_COMPLETED. */
const WORKFLOW_TASK_COMPLETED = 7;

const temporal = useTemporal();

/**
 * A query that comes with the first workflow task ends it as soon as it is answered: the result of a
 * local activity is then in one task, what the workflow did with it in the next.
 */
describe('a run that is queried while it begins', () => {
  it.each([
    ['and parks', { addresses: [[]] }, 1],
    ['and sends at once', {}, 1],
    ['and sends through the task queue', { hasRateLimit: true }, 2],
  ])('%s replays', async (_what, answers, undivided) => {
    const fakes = createFakes(answers);

    const histories = await withLateWorker({ ...temporal, fakes }, async (start) => {
      const handles = await Promise.all(Array.from({ length: RUNS }, () => start()));
      const queries = handles.map((handle) => handle.query(statusQuery));
      return async () => {
        await Promise.all(queries);
        return Promise.all(
          handles.map(async (handle) => {
            await handle.result();
            return { workflowId: handle.workflowId, history: await handle.fetchHistory() };
          }),
        );
      };
    });

    const errors: unknown[] = [];
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      if (error) errors.push(error);
    }
    expect(errors).toEqual([]);
    expect(Math.max(...histories.map(({ history }) => countTasks(history)))).toBeGreaterThan(
      undivided,
    );
  });
});

function countTasks({ events }: { events?: { eventType?: unknown }[] | null }): number {
  return (events ?? []).filter(({ eventType }) => eventType === WORKFLOW_TASK_COMPLETED).length;
}
