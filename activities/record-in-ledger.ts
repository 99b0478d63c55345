import type {
  AttemptSettlement,
  KnownNotification,
  Ledger,
  RecordedRequest,
  ResendRequest,
  Standing,
} from './ledger';
import { ownRun } from './own-run';

/** What the ledger is told outside a send. */
export function createRecords({ ledger }: { ledger: Ledger }) {
  return {
    recordParked(
      reason: string,
      recordedRequests: number,
      known: KnownNotification,
    ): Promise<Standing | undefined> {
      const { workflowId, runId } = ownRun();
      return ledger.park(workflowId, reason, { ...known, runId, recordedRequests });
    },
    async recordSettlement(settlement: AttemptSettlement): Promise<void> {
      await ledger.settle(settlement);
    },
    recordRequest(request: ResendRequest): Promise<RecordedRequest> {
      const { workflowId, runId } = ownRun();
      return ledger.requestResend(workflowId, request, runId);
    },
  };
}
