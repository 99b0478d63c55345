import { activityInfo } from '@temporalio/activity';
import type { Ledger, RequestedCopy, ResendRequest, Settlement, Standing } from './ledger';

/** What the ledger has to hear outside a send; the workflow's own ID is the event's. */
export function createRecord({ ledger }: { ledger: Ledger }) {
  const run = () => activityInfo().workflowExecution ?? { workflowId: '', runId: '' };

  return {
    recordParked(reason: string, request?: string): Promise<Standing | undefined> {
      const { workflowId, runId } = run();
      return ledger.park(workflowId, reason, { runId, request });
    },
    async recordSettlement(settlement: Settlement): Promise<void> {
      await ledger.settle(settlement);
    },
    recordResend(request: ResendRequest): Promise<RequestedCopy> {
      const { workflowId, runId } = run();
      return ledger.recordResend(workflowId, request, runId);
    },
  };
}
