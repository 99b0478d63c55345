import type { Ledger } from '../../activities/ledger';

/** A ledger for one workflow at a time and its resends; the real one is tested on Postgres. */
export function createMemoryLedger(): Ledger & { parked: string[] } {
  const sentCopies = new Map<string, number>();
  const requests = new Map<string, number>();
  const attempts: { eventId: string; copy: number; runId: string }[] = [];
  const parked: string[] = [];

  return {
    parked,
    claim({ eventId, copy, runId, mailDate }) {
      if ((sentCopies.get(eventId) ?? 0) > copy) {
        return Promise.resolve({ claim: 'sent', runId, reply: '250 before' });
      }
      attempts.push({ eventId, copy, runId });
      return Promise.resolve({ claim: 'claimed', attemptId: `${attempts.length - 1}`, mailDate });
    },
    submit: () => Promise.resolve(),
    settle({ attemptId, state }) {
      const attempt = attempts[Number(attemptId)];
      if (attempt && state === 'sent') sentCopies.set(attempt.eventId, attempt.copy + 1);
      return Promise.resolve(true);
    },
    park(eventId, reason) {
      if ((sentCopies.get(eventId) ?? 0) > Math.max(0, ...requests.values())) {
        return Promise.resolve({ verdict: 'accepted', reply: '250 before' });
      }
      parked.push(reason);
      return Promise.resolve(undefined);
    },
    recordResend(eventId, { requestId }) {
      const copy = requests.get(requestId) ?? sentCopies.get(eventId) ?? 0;
      requests.set(requestId, copy);
      return Promise.resolve({ copy });
    },
  };
}
