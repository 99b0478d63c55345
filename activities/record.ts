import { activityInfo } from '@temporalio/activity';
import type { AttemptSettlement, Ledger, RequestedResend, ResendRequest, Standing } from './ledger';

/** What the ledger has to hear outside a send; the workflow's own ID is the event's. */
export function createRecord({ ledger }: { ledger: Ledger }) {
  const run = () => activityInfo().workflowExecution ?? { workflowId: '', runId: '' };

  return {
    recordParked(reason: string, recordedRequests: number): Promise<Standing | undefined> {
      const { workflowId, runId } = run();
      return ledger.park(workflowId, reason, { runId, recordedRequests });
    },
    async recordSettlement(settlement: AttemptSettlement): Promise<void> {
      await ledger.settle(settlement);
    },
    recordResend(request: ResendRequest): Promise<RequestedResend> {
      const { workflowId, runId } = run();
      return ledger.requestResend(workflowId, request, runId);
    },
  };
}
