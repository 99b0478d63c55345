import { parseWorkflowId } from '../../../workflows/core/workflow-id';
import { groupBy } from './copies';
import type { EventTruth, RunTruth, Truths } from './truths';
import type { Violation } from './violation';

/** One run for each notification, beside those for resends; all ended well and as the ledger says. */
export function checkRuns({ runs, events }: Truths): Violation[] {
  const eventOf = new Map(events.map((event) => [event.id, event]));
  return [...groupBy(runs, ({ workflowId }) => workflowId)].flatMap(([workflowId, ofOne]) => {
    const taskId = parseWorkflowId(workflowId)?.taskId ?? workflowId;
    const tell = (kind: Violation['kind'], what: string): Violation => ({ kind, taskId, what });
    const found: Violation[] = [];
    const own = ofOne.filter(({ onlyResend }) => !onlyResend);
    if (own.length > 1) found.push(tell('second run', `${own.length} runs of ${workflowId}`));
    for (const { runId, status, replayFault } of ofOne) {
      if (replayFault) found.push(tell('no replay', `run ${runId}: ${replayFault}`));
      if (status === 'RUNNING') found.push(tell('left open', `run ${runId}`));
      else if (status !== 'COMPLETED') found.push(tell('run failed', `run ${runId} is ${status}`));
    }
    const disagreement = disagreementOf(ofOne, eventOf.get(workflowId));
    if (disagreement) found.push(tell('disagreement', disagreement));
    return found;
  });
}

/** A run that shows no state has sent the mail: an attribute costs an event. */
const showsItsState = ({ state, shownState = 'sent' }: RunTruth) => state === shownState;

function disagreementOf(runs: RunTruth[], event: EventTruth | undefined): string | undefined {
  const shown = runs.find((run) => run.state !== undefined && !showsItsState(run));
  if (shown)
    return `the result says ${shown.state}, its search attribute ${shown.shownState ?? 'nothing'}`;
  // A run that had nothing to do says nothing about the notification.
  const [last] = runs
    .filter(({ state }) => state === 'sent' || state === 'parked')
    .sort((a, b) => b.startedAt - a.startedAt);
  if (!last || runs.some(({ status }) => status === 'RUNNING')) return undefined;
  if (last.state === event?.state && last.reason === event?.reason) return undefined;
  const words = ({ state, reason }: Partial<EventTruth>) =>
    [state, reason].filter(Boolean).join(' ');
  return `the run says ${words(last)}, the ledger ${event ? words(event) : 'nothing'}`;
}
