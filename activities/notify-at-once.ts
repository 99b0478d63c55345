import { cancellationSignal } from '@temporalio/activity';
import type { createFetchTask } from './task/fetch-task';
import type { createResolveRecipient } from './recipient/resolve-recipient';
import type { Deferral, SettledSend } from './send/send-attempt';
import { withTimeLimit } from './time-limit';
import { type StepFailure, stepFailureOf } from '../workflows/core/step-failure';
import { toNotification } from '../workflows/core/decision';
import type { BulkUploadEvent } from '../workflows/core/event';
import type { MailToSend } from '../workflows/core/deliver';
import type { Outcome } from '../workflows/core/outcome';

/** Milliseconds for each look-up: what takes longer is waited for durably. */
const QUICK = 5_000;

type FetchTask = ReturnType<typeof createFetchTask>;
type ResolveRecipient = ReturnType<typeof createResolveRecipient>;

export interface NotifyAtOnceSteps {
  fetchTask: FetchTask;
  resolveRecipient: ResolveRecipient;
  sendMailAtOnce: (mail: MailToSend) => Promise<SettledSend | Deferral>;
}

/** What the first try of everything came to, step by step; `trouble` is why the next one failed. */
export interface FirstTry {
  task?: Awaited<ReturnType<FetchTask>>;
  recipient?: Awaited<ReturnType<ResolveRecipient>>;
  sent?: SettledSend | Deferral;
  trouble?: StepFailure;
}

/**
 * All steps of a notification, each tried once and quickly, in one local activity: while all is well
 * it is the only one. A step that fails is no failure of this one: it is done durably, by its name.
 */
export function createNotifyAtOnce({
  fetchTask,
  resolveRecipient,
  sendMailAtOnce,
}: NotifyAtOnceSteps) {
  return async function notifyAtOnce(
    event: BulkUploadEvent,
    outcome: Outcome,
    date: string,
    recordedRequests: number,
  ): Promise<FirstTry> {
    const done: FirstTry = {};
    try {
      const task = await quickly((stop) => fetchTask(event, stop));
      done.task = task;
      if ('reason' in task) return done;
      const notification = toNotification(event, task);
      if ('reason' in notification || notification.outcome !== outcome) return done;
      const recipient = await quickly(() => resolveRecipient(notification.userId));
      done.recipient = recipient;
      if ('reason' in recipient || !recipient.atOnce) return done;
      const mail = { ...notification, to: recipient.address, date, copy: 0, recordedRequests };
      done.sent = await sendMailAtOnce(mail);
      return done;
    } catch (err) {
      // A cancellation ends all of it.
      if (cancellationSignal().aborted) throw err;
      return { ...done, trouble: stepFailureOf(err) };
    }
  };
}

/** Also of a look-up that does not heed its signal. */
function quickly<T>(look: (stop: AbortSignal) => Promise<T>): Promise<T> {
  return withTimeLimit(QUICK, cancellationSignal(), (stop) => {
    const stopped = new Promise<never>((_resolve, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason as Error));
    });
    return Promise.race([look(stop), stopped]);
  });
}
