import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { Found } from '../../activities/deliver-once';
import type { Delivery, DeliverySteps, MailToSend } from '../core/deliver';
import { oneLine } from '../core/one-line';
import { priorityOf } from '../core/priority';
import { lookupOptions, sendOptions } from './activity-options';
import type { Step } from './details';
import { sendTaskQueue } from './messages';
import { type InLedger, recordSettlement } from './in-ledger';
import type { Progress } from './progress';

/** Temporal takes summaries of 400 bytes; a character has four at most. */
const SUMMARY_NAME_MAX_CHARS = 80;

const lookups = proxyActivities<Activities>(lookupOptions);

/** Steps that continue from what was found, and otherwise wait for the activity of their name. */
export function durableSteps(
  { event, resend, isBulk, startedAt }: Delivery,
  found: Found,
  { progress, inLedger }: { progress: Progress; inLedger: InLedger },
): DeliverySteps {
  const { taskId, isVerified } = event;
  /** Why the first step that has to be waited for did not succeed at once. */
  let { failure } = found;

  function waitFor<T>(step: Step, call: (before: Found['failure']) => Promise<T>): Promise<T> {
    const before = failure;
    failure = undefined;
    progress.begin(step, resend, before);
    return call(before);
  }

  return {
    async fetchTask() {
      const query = { taskId, isVerified, startedAt };
      const task =
        found.task ?? (await waitFor('fetching the task', () => lookups.fetchTask(query)));
      if (!('reason' in task)) progress.learn(task);
      return task;
    },

    async resolveRecipient(notification) {
      progress.learn(notification);
      const query = { userId: notification.userId, startedAt };
      const call = () => lookups.resolveRecipient(query);
      return found.recipient ?? waitFor('resolving the recipient', call);
    },

    async send(mail) {
      if (found.sent) return found.sent;
      for (;;) {
        // The next claim would find the attempt open, as if its worker had died.
        if (failure?.unrecorded) await recordSettlement(inLedger, failure.unrecorded);
        const call = (before: Found['failure']) => sendMail(mail, isBulk, before);
        const ended = await waitFor('sending the mail', call);
        if (!('delayMs' in ended)) return ended;
        failure = ended;
      }
    },
  };
}

/** A send that was deferred waits first, as the activity's first attempt. */
function sendMail(mail: MailToSend, isBulk: boolean, before: Found['failure']) {
  const activities = proxyActivities<Activities>({
    ...sendOptions,
    taskQueue: sendTaskQueue(workflowInfo().taskQueue),
    priority: priorityOf({ userId: mail.userId, isBulk }),
    summary: `${oneLine(mail.fileName, SUMMARY_NAME_MAX_CHARS)}, ${mail.emailCount} addresses`,
  });
  if (before?.delayMs === undefined) return activities.sendMail(mail);
  const { unrecorded: _recorded, delayMs, ...why } = before;
  return activities.sendMail(mail, { ...why, delayMs });
}
