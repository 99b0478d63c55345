import { oneLine } from '../../workflows/core/one-line';
import { type NothingToSendReason, type ParkReason, reasons } from '../../workflows/core/reasons';
import { describeWait, type Wait } from './describe-wait';
import type { Attempt, RecordedNotification, Resend } from './ledger-reader';
import { mayHaveArrived } from './may-have-arrived';
import type { NotificationRun } from './notification-runs';
import type { NotificationDetail } from './shown';
import { utc } from './utc';

/** What the ledger and Temporal know of a notification. */
export interface Known {
  recorded?: RecordedNotification;
  run?: NotificationRun;
  /** Whether Temporal could be asked; without a run, it has forgotten it then. */
  isTemporalKnown: boolean;
  /** GIVE_UP_AFTER, if it is known. */
  giveUpAfterMs?: number;
  now: Date;
}

export type Description = Pick<
  NotificationDetail,
  'state' | 'reason' | 'sentence' | 'remedy' | 'wait' | 'handedOverTo' | 'resendableUntil'
>;

const NAME_MAX_CHARS = 80;
const AT_REST = 'nothing more is sent unless somebody asks for a resend';

const PARKED: Record<ParkReason, string> = {
  recipient_missing: 'the user has no valid e-mail address',
  recipient_limit: "the address had a day's first mails",
  task_metadata_missing: 'the provider does not know the task or the name of its file',
  refused: 'the relay refused the recipient or the message',
  gave_up: 'nothing answered for as long as GIVE_UP_AFTER allows',
  uncertain: 'the relay got the whole message and gave no answer',
};

/** The last reply is about these. */
const SAID: ParkReason[] = ['refused', 'gave_up', 'uncertain'];

const NOTHING_TO_SEND: Record<NothingToSendReason, string> = {
  not_file_backed: 'No mail is due: the task has no file',
  outcome_unknown: 'No mail is due: neither the provider nor the webhook says how the upload ended',
  user_id_missing: 'No mail can be sent: neither the provider nor the webhook names the user',
  duplicate_or_not_recorded: 'This run had nothing to send: it was asked for nothing new',
};

/** What is the case now, what will happen next, and what a person can do. */
export function describeNotification(known: Known): Description {
  const { recorded, run } = known;
  const row = recorded?.notification;
  if (run?.shown.state === 'handed_over') return handedOver(run);
  const wait = waitOf(known);
  const settled = describeSettled(known, row ?? run?.shown, wait);
  if (settled) return settled;
  if (run?.status === 'open' && (wait || !isOver(run))) {
    return describeWaiting(recorded, run, wait);
  }
  return (
    describeSettled(known, run?.shown) ??
    (run?.shown.state === 'nothing_to_send'
      ? nothingToSend(run.shown.reason as NothingToSendReason | undefined)
      : stranded(known))
  );
}

function waitOf(known: Known): Wait | undefined {
  const { run, now } = known;
  return run?.status === 'open' ? describeWait(run, now, giveUpAt(known)) : undefined;
}

/** What is settled stays so until a request is recorded, whatever the run waits for. */
function describeSettled(
  known: Known,
  { state, reason }: Pick<Partial<NotificationDetail>, 'state' | 'reason'> = {},
  wait?: Wait,
): Description | undefined {
  if (state !== 'sent' && state !== 'parked') return undefined;
  const request = wait && describeRequest(known.run, wait);
  const rest = request?.text ?? AT_REST;
  const resendableUntil = windowEnd(known);
  return {
    ...(request?.remedy && { remedy: request.remedy }),
    ...(state === 'sent' ? sent(known, rest) : parked(reason as ParkReason, known, rest)),
    ...(request && { wait: request.wait }),
    ...(resendableUntil && { resendableUntil }),
  };
}

/** A request that is not in the ledger yet, or that no worker has taken; undefined without one. */
function describeRequest(run: NotificationRun | undefined, wait: Wait): Wait | undefined {
  const [step] = run?.pending ?? [];
  if (!step) return { ...wait, text: `${AT_REST}, and such a request may wait: ${wait.text}` };
  if (step.activity !== 'recordRequest') return undefined;
  return { ...wait, text: `a request to send it is not recorded yet: ${wait.text}` };
}

/** While an open run is not settled, whatever the ledger says of the mails before. */
function describeWaiting(
  recorded: RecordedNotification | undefined,
  run: NotificationRun,
  wait?: Wait,
): Description {
  const subject = subjectOf(recorded?.resends);
  const underWay = recorded?.attempts.find(({ verdict }) => verdict === 'sending');
  if (underWay && isAttempting(run, wait)) {
    const since = utc(underWay.claimedAt);
    const sentence = `${subject} is being sent: a worker has been speaking to the relay since ${since}.`;
    return { state: 'sending', sentence, wait: { for: 'the relay' } };
  }
  if (!wait) {
    return { state: 'waiting', sentence: `${subject} is under way: everything is tried once now.` };
  }
  const { text, remedy } = wait;
  const isOverAtRelay = run.pending[0]?.activity === 'recordSettlement';
  const state = isOverAtRelay ? 'sending' : 'waiting';
  const what = isOverAtRelay
    ? 'The attempt to send it has ended, and the ledger has not been told yet'
    : `${subject} is not sent yet`;
  return {
    ...{ state, sentence: `${what}: ${text}.`, wait: wait.wait },
    ...(remedy && { remedy }),
  };
}

/** An attempt that is under way in the ledger may be one whose worker is lost. */
function isAttempting({ pending: [step] }: NotificationRun, wait?: Wait): boolean {
  return step ? step.activity === 'sendMail' && step.isRunning : !wait;
}

const isOver = ({ shown: { state = 'waiting' } }: NotificationRun) => state !== 'waiting';

/** The mail, or the resend that is asked for, and by whom. */
function subjectOf(resends: Resend[] = []): string {
  const asked = resends.filter(({ result }) => result === 'waiting').at(-1);
  if (!asked) return 'The mail';
  const by = asked.requestedBy ? ` by ${oneLine(asked.requestedBy, NAME_MAX_CHARS)}` : '';
  const what = asked.resend > 0 ? `Resend ${asked.resend}` : 'The mail';
  return `${what} (asked for${by} at ${utc(asked.requestedAt)})`;
}

function sent({ recorded, run }: Known, rest: string): Description {
  const sentCount = recorded?.notification.sentCount ?? 0;
  const attempts = recorded?.attempts.filter(({ resend }) => resend === sentCount - 1);
  const last =
    attempts?.findLast(({ verdict }) => verdict === 'accepted') ??
    attempts?.findLast(({ verdict }) => verdict === 'ambiguous');
  const isAssumed = last ? last.verdict === 'ambiguous' : run?.shown.assumed;
  const at = last ? ` at ${utc(last.settledAt ?? last.claimedAt)}` : '';
  const mail = last && last.resend > 0 ? `resend ${last.resend}` : 'the mail';
  const sentence = isAssumed
    ? `Assumed to be sent${at}: the relay got ${mail} and gave no answer (SMTP_UNCERTAIN_POLICY); ${rest}.`
    : `Sent: the relay accepted ${mail}${at}; ${rest}.`;
  return { state: 'sent', sentence };
}

function parked(
  reason: ParkReason | undefined,
  { recorded, run }: Known,
  rest: string,
): Description {
  const reply = recorded
    ? openAttempts(recorded).findLast(({ verdict }) => verdict !== 'sending')?.reply
    : run?.shown.relayReply;
  const said = reply && reason && SAID.includes(reason) ? ` ("${oneLine(reply)}")` : '';
  const since = recorded ? ` since ${utc(recorded.notification.updatedAt)}` : '';
  const why = reason ? (PARKED[reason] ?? reason) : 'its reason is not known';
  const remedy = reason && reasons[reason]?.remedy;
  return {
    ...{ state: 'parked', reason, ...(remedy && { remedy }) },
    sentence: `Parked${since}: ${why}${said}; ${rest}.`,
  };
}

/** Of the mail that is not sent yet. */
function openAttempts({ notification: { sentCount }, attempts }: RecordedNotification): Attempt[] {
  return attempts.filter(({ resend }) => resend === sentCount);
}

function handedOver({ shown: { handedOverTo } }: NotificationRun): Description {
  const sentence = `Handed over: the provider names the other outcome, so ${handedOverTo ?? 'its own run'} sends the mail.`;
  return { state: 'handed_over', sentence, handedOverTo };
}

function nothingToSend(reason: NothingToSendReason | undefined): Description {
  const sentence = `${reason ? NOTHING_TO_SEND[reason] : 'No mail is due'}.`;
  return { state: 'nothing_to_send', reason, sentence };
}

/** It should be under way, and no run that is open says so. */
function stranded({ recorded, run, isTemporalKnown }: Known): Description {
  const row = recorded?.notification;
  const state = row?.state ?? 'waiting';
  if (!isTemporalKnown) {
    const since = row ? ` since ${utc(row.updatedAt)}` : '';
    return { state, sentence: `Not sent yet: ${state}${since}; Temporal knows what it waits for.` };
  }
  const what = run ? `its run has ended as ${run.statusName}` : 'Temporal has no run of it';
  const remedy = remedyForStranded(recorded);
  return { state, remedy, sentence: `Not sent, and nothing will happen: ${what}.` };
}

/** The ledger declines a request with `--unless-sent` once any mail of the notification was sent. */
function remedyForStranded(recorded?: RecordedNotification): string {
  const sentCount = recorded?.notification.sentCount ?? 0;
  const wasSentBefore = sentCount > 0;
  const plainly = 'without `--unless-sent`, which does nothing after the mail that was sent before';
  if (mayHaveArrived(recorded?.attempts ?? [], sentCount)) {
    const resend = `resend it${wasSentBefore ? ` ${plainly}` : ''}`;
    return `The relay may have it, and any resend may be a second mail: look in the relay's log for the message ID of the last attempt. If it is not there, ${resend}.`;
  }
  return wasSentBefore
    ? `Resend it ${plainly}.`
    : 'Resend it with `--unless-sent`, which does nothing once it was sent.';
}

function giveUpAt({ recorded, run, giveUpAfterMs }: Known): string | undefined {
  if (giveUpAfterMs === undefined || !run) return undefined;
  const asked = recorded?.resends.at(-1)?.requestedAt ?? '';
  const startedAt = asked > run.startedAt ? asked : run.startedAt;
  return new Date(Date.parse(startedAt) + giveUpAfterMs).toISOString();
}

function windowEnd({ recorded, run }: Known): string | undefined {
  if (!recorded || run?.status !== 'open' || run.resendWindowMs === 0) return undefined;
  const settledAt = Date.parse(recorded.notification.updatedAt);
  return new Date(settledAt + run.resendWindowMs).toISOString();
}
