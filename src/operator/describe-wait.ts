import { oneLine } from '../../workflows/core/one-line';
import type { NotificationDetail } from './shown';
import type { PendingStep, Run } from './notification-runs';
import { utc } from './utc';

const FAILURE_MAX_CHARS = 300;
/** A running worker takes a task at once. */
const UNTAKEN_MIN_MS = 10_000;

/** What each activity waits for, if its failure does not say. */
const WAITS_FOR: Record<string, string> = {
  fetchTask: 'the provider',
  checkUpload: 'the provider',
  resolveRecipient: 'the database',
  recordRequest: 'the database',
  recordParked: 'the database',
  recordSettlement: 'the database',
  sendMail: 'the relay',
};

/** They are tried until the ledger has them. */
const RECORDS = ['recordRequest', 'recordParked', 'recordSettlement'];

/** What an open run waits for, as data and as the end of a sentence; undefined: for nothing. */
export interface Wait {
  wait: NonNullable<NotificationDetail['wait']>;
  text: string;
  remedy?: string;
}

export function describeWait(run: Run, now: Date, giveUpAt?: string): Wait | undefined {
  const [step] = run.pending;
  if (step) return waitForStep(step, giveUpAt);
  const { untakenSince } = run;
  if (!untakenSince || now.getTime() - Date.parse(untakenSince) < UNTAKEN_MIN_MS) return undefined;
  return waitForWorker(`no worker has taken it since ${utc(untakenSince)}`);
}

function waitForStep(step: PendingStep, givenUpAt?: string): Wait {
  const { activity, attempt, failure, nextAttemptAt, isRunning, scheduledAt } = step;
  const giveUpAt = RECORDS.includes(activity) ? undefined : givenUpAt;
  const part = failure?.part ? `the ${failure.part}` : (WAITS_FOR[activity] ?? activity);
  if (!isRunning && !failure && scheduledAt) {
    return waitForWorker(`it has been in line for a worker since ${utc(scheduledAt)}`);
  }
  const said = failure && oneLine(failure.message, FAILURE_MAX_CHARS);
  const next = nextAttemptAt && !isRunning ? `is due at ${utc(nextAttemptAt)}` : 'is under way';
  const until = giveUpAt ? `, until it is given up at ${utc(giveUpAt)}` : '';
  return {
    text: `it waits for ${part}${said ? ` (${said})` : ''}: attempt ${attempt} ${next}${until}`,
    wait: {
      ...{ for: part, attempt },
      ...(said && { failure: said }),
      ...(nextAttemptAt && !isRunning && { nextAttemptAt }),
      ...(giveUpAt && { giveUpAt }),
    },
    remedy: failure?.remedy,
  };
}

function waitForWorker(text: string): Wait {
  return {
    text,
    wait: { for: 'a worker' },
    remedy:
      'Check that workers run (`bulk-notify worker`) on this namespace and TEMPORAL_TASK_QUEUE; with SMTP_MAX_PER_SECOND set, mails also wait here for their turn.',
  };
}
