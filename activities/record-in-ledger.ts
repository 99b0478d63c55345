import { activityInfo } from '@temporalio/activity';
import type {
  AttemptSettlement,
  KnownNotification,
  Ledger,
  RecordedRequest,
  ResendRequest,
  Standing,
} from './ledger';

/** What the ledger is told outside a send. The workflow's own ID is the event's. */
export function createRecords({ ledger }: { ledger: Ledger }) {
  const run = () => activityInfo().workflowExecution ?? { workflowId: '', runId: '' };

  return {
    recordParked(
      reason: string,
      recordedRequests: number,
      known: KnownNotification,
    ): Promise<Standing | undefined> {
      const { workflowId, runId } = run();
      return ledger.park(workflowId, reason, { ...known, runId, recordedRequests });
    },
    async recordSettlement(settlement: AttemptSettlement): Promise<void> {
      await ledger.settle(settlement);
    },
    recordRequest(request: ResendRequest): Promise<RecordedRequest> {
      const { workflowId, runId } = run();
      return ledger.requestResend(workflowId, request, runId);
    },
  };
}
