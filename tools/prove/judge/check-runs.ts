import { parseWorkflowId } from '../../../workflows/core/workflow-id';
import { groupBy } from './expected-mails';
import type { ObservedEvent, ObservedRun, Observations } from './observations';
import type { Violation } from './violation';

/** One run for each notification, apart from runs for resends; all completed and agree with the ledger. */
export function checkRuns({ runs, events }: Observations): Violation[] {
  const eventOf = new Map(events.map((event) => [event.id, event]));
  return [...groupBy(runs, ({ workflowId }) => workflowId)].flatMap(([workflowId, ofOne]) => {
    const taskId = parseWorkflowId(workflowId)?.taskId ?? workflowId;
    const violation = (kind: Violation['kind'], what: string): Violation => ({
      kind,
      taskId,
      what,
    });
    const found: Violation[] = [];
    const own = ofOne.filter(({ onlyResend }) => !onlyResend);
    if (own.length > 1) found.push(violation('second run', `${own.length} runs of ${workflowId}`));
    for (const { runId, status, replayFault } of ofOne) {
      if (replayFault) found.push(violation('no replay', `run ${runId}: ${replayFault}`));
      if (status === 'RUNNING') found.push(violation('left open', `run ${runId}`));
      else if (status !== 'COMPLETED')
        found.push(violation('run failed', `run ${runId} is ${status}`));
    }
    const disagreement = disagreementOf(ofOne, eventOf.get(workflowId));
    if (disagreement) found.push(violation('disagreement', disagreement));
    return found;
  });
}

/** A run without a state attribute has sent the mail: setting the attribute would cost an event. */
const showsItsState = ({ state, shownState = 'sent' }: ObservedRun) => state === shownState;

function disagreementOf(runs: ObservedRun[], event: ObservedEvent | undefined): string | undefined {
  const shown = runs.find((run) => run.state !== undefined && !showsItsState(run));
  if (shown)
    return `the result says ${shown.state}, its search attribute ${shown.shownState ?? 'nothing'}`;
  // The result of a run that had nothing to do does not describe the notification.
  const [last] = runs
    .filter(({ state }) => state === 'sent' || state === 'parked')
    .sort((a, b) => b.startedAt - a.startedAt);
  if (!last || runs.some(({ status }) => status === 'RUNNING')) return undefined;
  if (last.state === event?.state && last.reason === event?.reason) return undefined;
  const words = ({ state, reason }: Partial<ObservedEvent>) =>
    [state, reason].filter(Boolean).join(' ');
  return `the run says ${words(last)}, the ledger ${event ? words(event) : 'nothing'}`;
}
