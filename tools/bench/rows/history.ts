import type { Contender } from '../contenders/contender';
import { onSibling } from '../contenders/on-sibling';
import { billableActions } from '../measure/billable-actions';
import type { Stage } from '../stage';
import type { Figure, Row } from './row';

/** The minimum: the cost of a window does not depend on its length. */
const WINDOW = '1s';

/** The history of a notification, and the actions that Temporal Cloud bills for it. */
export const historyRow: Row = {
  key: 'history',
  once: true,
  appliesTo: ({ workflows }) => workflows !== undefined,
  async measure(stage, contender) {
    const figures = await figuresOf(stage, contender, '');
    // The other designs have no window.
    if (!contender.service) return figures;
    const more = await onSibling(contender, { RESEND_WINDOW: WINDOW }, (withWindow) =>
      figuresOf(stage, withWindow, ', with a window'),
    );
    return [...figures, ...more];
  },
};

async function figuresOf(stage: Stage, contender: Contender, suffix: string): Promise<Figure[]> {
  const [taskId = ''] = await stage.newTasks(1);
  await contender.send([taskId], { atOnce: 1, until: 'answered' });
  await contender.finished();
  const run = stage.client.workflow.getHandle(contender.workflows?.idOf(taskId) ?? '');
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
