import { activityInfo } from '@temporalio/activity';
import type { Ledger, RequestedCopy, ResendRequest, Settlement } from './types';

/** What the ledger has to hear outside a send; the workflow's own ID is the event's. */
export function createRecord({ ledger }: { ledger: Ledger }) {
  const run = () => activityInfo().workflowExecution ?? { workflowId: '', runId: '' };

  return {
    recordParked(reason: string, request?: string): Promise<void> {
      const { workflowId, runId } = run();
      return ledger.park(workflowId, reason, { runId, request });
    },
    async recordSettlement(settlement: Settlement): Promise<void> {
      await ledger.settle(settlement);
    },
    /** Null for a request that another run recorded before. */
    async recordResend(request: ResendRequest): Promise<RequestedCopy | null> {
      const { workflowId, runId } = run();
      return (await ledger.recordResend(workflowId, request, runId)) ?? null;
    },
  };
}
