import { activityInfo } from '@temporalio/activity';
import type { Ledger, RequestedCopy, ResendRequest, Settlement } from './types';

/** What the ledger has to hear outside a send; the workflow's own ID is the event's. */
export function createRecord({ ledger }: { ledger: Ledger }) {
  const eventId = () => activityInfo().workflowExecution?.workflowId ?? '';

  return {
    recordParked: (reason: string): Promise<void> => ledger.park(eventId(), reason),
    recordSettlement: (settlement: Settlement): Promise<void> => ledger.settle(settlement),
    /** Null for a request that was recorded before. */
    recordResend: async (request: ResendRequest): Promise<RequestedCopy | null> =>
      (await ledger.recordResend(eventId(), request)) ?? null,
  };
}
