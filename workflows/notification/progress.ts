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
import { describe, type Step } from './details';
import { type NotificationStatus, statusQuery } from './messages';
import { type Reason, reasons } from '../core/reasons';
import { searchAttributes } from '../core/search-attributes';

export type Settlement =
  | { reason: Reason; relayReply?: string }
  | { state: 'sent'; relayReply: string; assumed?: true }
  | { state: 'handed_over'; handedOverTo: string };

export type Progress = ReturnType<typeof createProgress>;

/** Keeps what a person sees of the run: `status` query, current details, search attributes, log. */
export function createProgress(event: BulkUploadEvent, outcome: Outcome) {
  const identity = { taskId: event.taskId, outcome };
  let status: NotificationStatus = { ...identity, state: 'waiting' };
  let current: { step: Step; copy: number } | undefined;
  setHandler(statusQuery, () => status);

  function learn(facts: Pick<NotificationStatus, 'userId' | 'fileName' | 'emailCount'>): void {
    const { userId = event.userId, fileName, emailCount } = facts;
    status = { ...status, userId, fileName, emailCount };
  }

  /** `trouble`: why the step did not succeed at once. */
  function begin(step: Step, copy: number, trouble?: StepFailure): void {
    if (status.state !== 'waiting') reopen();
    current = { step, copy };
    setCurrentDetails(describe({ ...status, copy }, step, trouble));
  }

  /** Says why the current step has to be waited for; a settled run can only wait to record a request. */
  function showTrouble(trouble: StepFailure): void {
    if (current && status.state === 'waiting') begin(current.step, current.copy, trouble);
    else setCurrentDetails(describe(status, 'recording the request', trouble));
  }

  function reopen(): void {
    const { userId, fileName, emailCount } = status;
    status = { ...identity, state: 'waiting', userId, fileName, emailCount };
    upsertSearchAttributes([
      { key: searchAttributes.state, value: 'waiting' },
      { key: searchAttributes.parkReason, value: null },
    ]);
  }

  function settle(settlement: Settlement): void {
    const state = 'state' in settlement ? settlement.state : reasons[settlement.reason].state;
    status = { ...status, ...settlement, state };
    if (!goesWithoutSaying(status)) showState(status);
    setCurrentDetails(describe(status));
    report(status);
  }

  /** What a run ends as; one that only had requests which were known has done nothing. */
  function end(): NotificationStatus {
    if (status.state === 'waiting') settle({ reason: 'duplicate_or_not_recorded' });
    return status;
  }

  const canResend = () => status.state === 'sent' || status.state === 'parked';

  return { learn, begin, showTrouble, settle, end, canResend };
}

/** A run without a state is open while it waits, and completed when the mail is sent. */
function goesWithoutSaying({ state, userId }: NotificationStatus): boolean {
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

/** The mail itself is reported where it was sent. */
function report({ taskId, outcome, state, reason, handedOverTo }: NotificationStatus): void {
  if (state === 'sent') return;
  const level = state === 'parked' ? 'warn' : 'info';
  const key = reason ? reasons[reason].logKey : state;
  const facts = { task_id: taskId, outcome, reason, handed_over_to: handedOverTo };
  log[level](`bulk_upload_notification.${key}`, facts);
}
