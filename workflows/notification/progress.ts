import {
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { StepFailure } from '../core/step-failure';
import type { BulkUploadEvent } from '../core/event';
import type { Outcome } from '../core/outcome';
import { renderDetails, type Step } from './details';
import { type NotificationState, type NotificationStatus, statusQuery } from './messages';
import { isNothingToSend, reasons } from '../core/reasons';
import { searchAttributes } from '../core/search-attributes';
import { notificationSink } from './sinks';

/** How a delivery ended, as the status of the run shows it. */
export type SettledStatus = Pick<
  NotificationStatus,
  'reason' | 'relayReply' | 'assumed' | 'handedOverTo'
> & { state: Exclude<NotificationState, 'waiting'> };

export type Progress = ReturnType<typeof createProgress>;

/** Keeps what a person sees of the run: `status` query, current details, search attributes, log. */
export function createProgress(event: BulkUploadEvent, outcome: Outcome) {
  const identity = { taskId: event.taskId, outcome };
  let status: NotificationStatus = { ...identity, state: 'waiting' };
  let resend = 0;
  setHandler(statusQuery, () => status);

  function learn(facts: Pick<NotificationStatus, 'userId' | 'fileName' | 'emailCount'>): void {
    const { userId = event.userId, fileName, emailCount } = facts;
    status = { ...status, userId, fileName, emailCount };
  }

  /** What has been learned of the notification so far. */
  function learned() {
    const { userId, fileName, emailCount } = status;
    return { userId, fileName, emailCount };
  }

  /** `failure`: why the step did not succeed at once. */
  function begin(step: Step, ofResend: number, failure?: StepFailure): void {
    if (status.state !== 'waiting') reopen();
    resend = ofResend;
    setCurrentDetails(renderDetails({ ...status, resend }, step, failure));
  }

  /** Says why the ledger has to be waited for. */
  function showUnrecorded(failure: StepFailure): void {
    setCurrentDetails(renderDetails({ ...status, resend }, 'recording in the ledger', failure));
  }

  function reopen(): void {
    status = { ...identity, state: 'waiting', ...learned() };
    upsertSearchAttributes([
      { key: searchAttributes.state, value: 'waiting' },
      { key: searchAttributes.parkReason, value: null },
    ]);
  }

  /** Undefined: the delivery was superseded, and the run still waits. */
  function settle(settled: SettledStatus | undefined): void {
    if (!settled) return;
    status = { ...status, ...settled };
    if (!isShownByExecution(status)) showState(status);
    setCurrentDetails(renderDetails(status));
    logSettled(status);
    const { reason } = settled;
    if (reason && isNothingToSend(reason)) notificationSink.countNothingToSend(reason);
  }

  /** A request was declined: a run that was started for it learns how the notification stands. */
  function keep(known: Parameters<typeof learn>[0], standing: SettledStatus): void {
    if (status.state !== 'waiting') return setCurrentDetails(renderDetails(status));
    learn(known);
    settle(standing);
  }

  /** The result of the run; one that has settled nothing had nothing to do. */
  function end(): NotificationStatus {
    const reason = 'duplicate_or_not_recorded';
    if (status.state === 'waiting') settle({ state: reasons[reason].state, reason });
    return status;
  }

  const canResend = () => status.state === 'sent' || status.state === 'parked';

  return { learn, learned, begin, showUnrecorded, settle, keep, end, canResend };
}

/** Without the attribute, an open run waits and a completed one has sent its mail. */
function isShownByExecution({ state, userId }: NotificationStatus): boolean {
  const { typedSearchAttributes: shown } = workflowInfo();
  const isPlain = state === 'sent' && shown.get(searchAttributes.state) === undefined;
  return isPlain && shown.get(searchAttributes.userId) === userId;
}

function showState({ state, userId, reason }: NotificationStatus): void {
  upsertSearchAttributes([
    { key: searchAttributes.state, value: state },
    ...(userId ? [{ key: searchAttributes.userId, value: userId }] : []),
    ...(reason && state === 'parked' ? [{ key: searchAttributes.parkReason, value: reason }] : []),
  ]);
}

/** A mail that was sent is logged where it was sent. */
function logSettled({ taskId, outcome, state, reason, handedOverTo }: NotificationStatus): void {
  if (state === 'sent') return;
  const level = state === 'parked' ? 'warn' : 'info';
  const key = reason ? reasons[reason].logKey : state;
  const facts = { task_id: taskId, outcome, reason, handed_over_to: handedOverTo };
  log[level](`bulk_upload_notification.${key}`, facts);
}
