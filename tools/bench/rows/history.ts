import type { Column } from '../columns/column';
import { billableActions } from '../measure/billable-actions';
import type { Stage } from '../stage';
import type { Figure, Row } from './row';

/** As short as possible: what a window costs does not depend on its length. */
const WINDOW = '1s';

/** What a notification leaves in Temporal, and what Temporal Cloud would bill for it. */
export const historyRow: Row = {
  key: 'history',
  once: true,
  appliesTo: ({ workflows }) => workflows !== undefined,
  async measure(stage, column) {
    const figures = await figuresOf(stage, column, '');
    const withWindow = await column.service?.sibling({ RESEND_WINDOW: WINDOW });
    if (!withWindow) return figures;
    const more = await figuresOf(stage, withWindow, ', with a window');
    await withWindow.close();
    return [...figures, ...more];
  },
};

async function figuresOf(stage: Stage, column: Column, suffix: string): Promise<Figure[]> {
  const [taskId = ''] = await stage.newTasks(1);
  await column.send([taskId], { atOnce: 1, until: 'answered' });
  await column.finished();
  const run = stage.client.workflow.getHandle(column.workflows?.idOf(taskId) ?? '');
  const [{ historyLength, historySize = NaN, raw }, history] = await Promise.all([
    run.describe(),
    run.fetchHistory(),
  ]);
  return [
    { name: `history events${suffix}`, value: historyLength },
    { name: `history bytes${suffix}`, value: historySize },
    {
      name: `state transitions${suffix}`,
      value: Number(raw.workflowExecutionInfo?.stateTransitionCount),
    },
    { name: `billable actions${suffix}`, value: billableActions(history) },
  ];
}
