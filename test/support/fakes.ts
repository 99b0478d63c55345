import type { ActivityDependencies } from '../../activities';
import type { BulkDependencies } from '../../activities/bulk-resend/resend-in-bulk';
import type { Ledger } from '../../activities/ledger';
import type { Mail } from '../../activities/mail/mail';
import type { Task } from '../../workflows/core/decision';
import type { NothingToSendReason } from '../../workflows/core/reasons';
import type { TaskApiFault } from '../../activities/task/task-api';
import type { UncertainPolicy } from '../../activities/send/send-policy';
import type { UploadWatchResult } from '../../activities/upload-watch/check-upload';
import type { Verdict } from '../../activities/send/mailer';
import { createMemoryLedger } from './memory-ledger';

const HOUR = 60 * 60 * 1_000;

/** What the provider says of a task. */
export type Answer = Partial<Task> | TaskApiFault;

interface FakeAnswers {
  /** Answers of the provider, in turn; the last one stays. */
  tasks?: Answer[];
  /** Answers of the provider by task, instead. */
  taskOf?: (taskId: string) => Answer | Promise<Answer>;
  /** Addresses of the owner, or an error while the database is down; the last one stays. */
  addresses?: (string[] | Error)[];
  /** Verdicts of the relay, in turn; the last one stays. */
  verdicts?: Verdict[];
  ledger?: Ledger;
  policy?: UncertainPolicy;
  giveUpAfterMs?: number;
  /** Whether mails are sent through the task queue, which keeps a rate limit. */
  hasRateLimit?: boolean;
}

export type Fakes = ReturnType<typeof createFakes>;

/** Bulk resends are tested on the real ledger. */
const NO_BULK_RESENDS = {
  bulks: {},
  notificationSearch: {},
  resendRequester: {},
  bulkRateMaxPerSecond: Infinity,
} as BulkDependencies;

export const accepted: Verdict = { verdict: 'accepted', reply: '250 2.0.0 Ok: queued as 4711' };

/** What activities need, answering as it is told; the mails that the relay accepted; what was counted. */
export function createFakes(answers: FakeAnswers = {}) {
  let { tasks = [{}], addresses = [['owner@customer.example']], verdicts = [accepted] } = answers;
  const { ledger = createMemoryLedger(), policy = 'resend', giveUpAfterMs = 96 * HOUR } = answers;
  const { taskOf, hasRateLimit = false } = answers;
  const asked: string[] = [];
  const watched: UploadWatchResult[] = [];
  const sent: Mail[] = [];
  const nothingToSend: NothingToSendReason[] = [];
  const dependencies: ActivityDependencies = {
    taskApi: {
      async fetchTask(taskId) {
        asked.push(taskId);
        return toTask(taskId, await (taskOf ? taskOf(taskId) : next(tasks)));
      },
    },
    recipients: {
      findAddresses() {
        const found = next(addresses);
        if (found instanceof Error) return Promise.reject(found);
        return Promise.resolve(found.map((text) => ({ source: 'profile' as const, text })));
      },
    },
    mailer: {
      takeTurn: () => Promise.resolve(() => {}),
      async send(mail, _stop, beforeFinalDot) {
        const verdict = next(verdicts);
        if (['accepted', 'ambiguous'].includes(verdict.verdict)) await beforeFinalDot();
        if (verdict.verdict === 'accepted') sent.push(mail);
        return verdict;
      },
    },
    ledger,
    metrics: {
      countConfigurationError: () => undefined,
      countUploadWatch: (result) => void watched.push(result),
    },
    uncertainPolicy: policy,
    giveUpAfterMs,
    hasRateLimit,
    localSendsMax: 20,
    shutdown: new AbortController().signal,
    ...NO_BULK_RESENDS,
    sender: {
      from: { name: 'BoltRoute', address: 'notifications@boltroute.example' },
      replyTo: 'support@boltroute.example',
      templates: {
        completed: { subject: '{file_name} is done', body: '{email_count} addresses' },
        failed: { subject: '{file_name} failed', body: '{email_count} addresses' },
      },
    },
  };
  /** Changes the answers from now on. */
  function answerBy(changed: Pick<FakeAnswers, 'tasks' | 'addresses' | 'verdicts'>): void {
    ({ tasks = tasks, addresses = addresses, verdicts = verdicts } = changed);
  }

  return { dependencies, asked, sent, nothingToSend, watched, answerBy };
}

function toTask(id: string, answer: Partial<Task> | TaskApiFault): Task | TaskApiFault {
  if ('fault' in answer) return answer;
  return {
    id,
    userId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    fileBacked: true,
    fileName: 'customers.csv',
    emailCount: 12,
    fileStatus: 'completed',
    ...answer,
  };
}

function next<T>(answers: T[]): T {
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer === undefined) throw new Error('a fake needs an answer');
  return answer;
}
