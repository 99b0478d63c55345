import type { RecipientDirectory } from '../../activities/recipient/recipient-directory';
import type { Mailer } from '../../activities/send/mailer';
import type { TaskApi } from '../../activities/task/task-api';
import type { LookUp, WorkerMetrics } from './worker-metrics';

interface Parts {
  taskApi: TaskApi;
  recipients: RecipientDirectory;
  mailer: Mailer;
}

type Measures = Pick<WorkerMetrics, 'observeSend' | 'observeLookUp'>;

/** The same parts, whose calls are timed. */
export function measureParts(parts: Parts, measures: Measures): Parts {
  const { taskApi, recipients, mailer } = parts;
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

function startClock(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1_000;
}
