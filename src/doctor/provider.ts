import { randomUUID } from 'node:crypto';
import type { TaskApi } from '../../activities/task/task-api';
import { remedyFor } from '../../activities/failures/remedies';
import type { Check, Examination } from './examine';
import { failure, type Judgement, ok, skipped } from './finding';

interface ProviderQuestions {
  taskApi: TaskApi;
  /** A task that the provider should know. */
  taskId?: string;
}

type Answer = Awaited<ReturnType<TaskApi['fetchTask']>>;

const NO_TASKS = 'Nothing is known of an upload without it: notifications wait.';

/** Whether the provider accepts our key, and a task can be read. */
export function providerExamination({ taskApi, taskId }: ProviderQuestions): Examination {
  async function examine(check: Check): Promise<void> {
    // An unknown task: the provider says that it is not found only if it accepts the key.
    const key = await check('key', async (stop) =>
      judgeKey(await taskApi.fetchTask(randomUUID(), stop)),
    );
    if (key.status === 'failure') return;
    await check('task', async (stop) =>
      taskId
        ? judgeTask(taskId, await taskApi.fetchTask(taskId, stop))
        : skipped('not asked', 'Name a task with --task ID.'),
    );
  }
  return { part: 'provider', examine };
}

function judgeKey(answer: Answer): Judgement {
  if (!('fault' in answer)) return ok('accepted');
  if (answer.fault !== 'not_found') return broken(answer);
  if (answer.message.includes('(')) return ok('accepted (an unknown task is not found)');
  return failure({
    what: `${answer.message}, without the provider's error code`,
    why: NO_TASKS,
    remedy: 'Correct EMAIL_API_BASE_URL: the provider seems to have no tasks under it.',
  });
}

function judgeTask(taskId: string, answer: Answer): Judgement {
  if (!('fault' in answer)) {
    const { fileStatus = 'no status', fileBacked, userId } = answer;
    const facts = [
      fileStatus,
      ...(fileBacked ? [] : ['of no file']),
      ...(userId ? [] : ['without user']),
    ];
    return ok(`${taskId}: ${facts.join(', ')}`);
  }
  if (answer.fault !== 'not_found') return broken(answer);
  return failure({
    what: `the provider does not know ${taskId}`,
    why: 'Either the task was never made, or the key may not read the tasks of its user.',
    remedy: 'Correct --task, or put a key that may read every task into EXTERNAL_API_ADMIN_KEY.',
  });
}

function broken({ message, status, cause }: Extract<Answer, { fault: string }>): Judgement {
  return failure({
    what: message,
    why: NO_TASKS,
    remedy:
      remedyFor('provider', status === undefined ? cause : String(status)) ??
      'Check EMAIL_API_BASE_URL, and ask the provider.',
  });
}
