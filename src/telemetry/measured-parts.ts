import type { Ledger } from '../../activities/ledger';
import type { RecipientDirectory } from '../../activities/recipient/recipient-directory';
import type { Mailer } from '../../activities/send/mailer';
import type { TaskApi } from '../../activities/task/task-api';
import type { ParkReason } from '../../workflows/core/reasons';
import type { LookUp, WorkerMetrics } from './worker-metrics';

interface Parts {
  taskApi: TaskApi;
  recipients: RecipientDirectory;
  mailer: Mailer;
  ledger: Ledger;
}

type Measures = Pick<
  WorkerMetrics,
  'observeSend' | 'observeLookUp' | 'countSettled' | 'countResendRequest'
>;

/** The same parts, whose calls are timed and counted. */
export function measureParts(parts: Parts, measures: Measures): Parts {
  const { taskApi, recipients, mailer, ledger } = parts;
  return {
    taskApi: {
      fetchTask: (taskId, stop) =>
        timeLookUp('task', () => taskApi.fetchTask(taskId, stop), measures),
    },
    recipients: {
      findAddresses: (userId) =>
        timeLookUp('recipient', () => recipients.findAddresses(userId), measures),
    },
    mailer: {
      ...mailer,
      async send(...args) {
        const elapsedSeconds = startClock();
        const verdict = await mailer.send(...args);
        measures.observeSend(verdict.verdict, elapsedSeconds());
        return verdict;
      },
    },
    ledger: countInLedger(ledger, measures),
  };
}

async function timeLookUp<T extends object>(
  lookUp: LookUp,
  call: () => Promise<T>,
  { observeLookUp }: Measures,
): Promise<T> {
  const elapsedSeconds = startClock();
  try {
    const answer = await call();
    observeLookUp(lookUp, 'fault' in answer ? 'failed' : 'answered', elapsedSeconds());
    return answer;
  } catch (err) {
    observeLookUp(lookUp, 'failed', elapsedSeconds());
    throw err;
  }
}

/** Counts what the ledger has recorded, wherever it was decided. */
function countInLedger(ledger: Ledger, { countSettled, countResendRequest }: Measures): Ledger {
  return {
    ...ledger,
    async claim(claim) {
      const claimed = await ledger.claim(claim);
      if (claimed.status === 'parked') countSettled('parked', claimed.reason);
      return claimed;
    },
    async settle(settlement) {
      const stands = await ledger.settle(settlement);
      const { state, reason } = settlement;
      if (stands && state !== 'waiting') countSettled(state, reason);
      return stands;
    },
    async park(eventId, reason, answering) {
      const standing = await ledger.park(eventId, reason, answering);
      const verdict = standing?.verdict ?? (reason as ParkReason);
      if (verdict !== 'accepted' && verdict !== 'assumed') countSettled('parked', verdict);
      return standing;
    },
    async requestResend(...args) {
      const requested = await ledger.requestResend(...args);
      countResendRequest();
      return requested;
    },
  };
}

function startClock(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1_000;
}
