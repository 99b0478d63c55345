import type { Ledger } from '../../activities/ledger';
import type { Outcome } from '../../workflows/core/outcome';
import { workflowId } from '../../workflows/core/workflow-id';

/** A ledger for one workflow at a time and its resends; the real one is tested on Postgres. */
export function createMemoryLedger(): Ledger & { parked: string[] } {
  const sentCounts = new Map<string, number>();
  const requests = new Map<string, { resend: number; recordedRequests: number }>();
  const attempts: { eventId: string; resend: number; runId: string }[] = [];
  const parked: string[] = [];

  return {
    parked,
    claim({ eventId, resend, runId, mailDate }) {
      if ((sentCounts.get(eventId) ?? 0) > resend) {
        return Promise.resolve({ status: 'sent', runId, reply: '250 before' });
      }
      attempts.push({ eventId, resend, runId });
      return Promise.resolve({ status: 'claimed', attemptId: `${attempts.length - 1}`, mailDate });
    },
    submit: () => Promise.resolve(),
    settle({ attemptId, state }) {
      const attempt = attempts[Number(attemptId)];
      if (attempt && state === 'sent') sentCounts.set(attempt.eventId, attempt.resend + 1);
      return Promise.resolve(true);
    },
    park(eventId, reason) {
      const requested = [...requests.values()].map(({ resend }) => resend);
      if ((sentCounts.get(eventId) ?? 0) > Math.max(0, ...requested)) {
        return Promise.resolve({ verdict: 'accepted', reply: '250 before' });
      }
      parked.push(reason);
      return Promise.resolve(undefined);
    },
    requestResend(eventId, { requestId }) {
      const resend = sentCounts.get(eventId) ?? 0;
      const requested = requests.get(requestId) ?? { resend, recordedRequests: requests.size + 1 };
      requests.set(requestId, requested);
      return Promise.resolve(requested);
    },
    findOutcomes(taskId) {
      const isKnown = (outcome: Outcome) =>
        attempts.some(({ eventId }) => eventId === workflowId(taskId, outcome));
      return Promise.resolve((['completed', 'failed'] as const).filter(isKnown));
    },
  };
}
