import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { Found } from '../../activities/deliver-once';
import type { Delivery, DeliverySteps, MailToSend } from '../core/deliver';
import { oneLine } from '../core/one-line';
import { priorityOf } from '../core/priority';
import { lookupOptions, sendOptions } from './activity-options';
import type { Step } from './details';
import { sendTaskQueue } from './messages';
import type { Progress } from './progress';

/** Temporal takes summaries of 400 bytes; a character has four at most. */
const SUMMARY_NAME_MAX_CHARS = 80;

const lookups = proxyActivities<Activities>(lookupOptions);

/** Steps that continue from what was found, and otherwise wait for the activity of their name. */
export function durableSteps(
  { event, resend, isBulk, startedAt }: Delivery,
  found: Found,
  progress: Progress,
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
      const call = (before: Found['failure']) => sendMail(mail, isBulk, before);
      return found.sent ?? waitFor('sending the mail', call);
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
  const delayMs = before?.delayMs;
  if (!before || delayMs === undefined) return activities.sendMail(mail);
  return activities.sendMail(mail, { ...before, delayMs });
}
