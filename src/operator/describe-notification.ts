import { oneLine } from '../../workflows/core/one-line';
import { type NothingToSendReason, type ParkReason, reasons } from '../../workflows/core/reasons';
import { describeWait } from './describe-wait';
import type { Attempt, RecordedNotification, Resend } from './ledger-reader';
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
const RESEND = 'Resend it with `--unless-sent`, which never sends it twice.';

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
  const waiting = describeWaiting(known);
  if (waiting) return waiting;
  if (row?.state === 'sent' || row?.state === 'parked') {
    const resendableUntil = windowEnd(known);
    const described = row.state === 'sent' ? sent(recorded, run) : parked(row.reason, known);
    return { ...described, ...(resendableUntil && { resendableUntil }) };
  }
  switch (run?.shown.state) {
    case 'sent':
      return sent(recorded, run);
    case 'parked':
      return parked(run.shown.reason as ParkReason | undefined, known);
    case 'nothing_to_send':
      return nothingToSend(run.shown.reason as NothingToSendReason | undefined);
    case 'handed_over': {
      const { handedOverTo } = run.shown;
      const sentence = `Handed over: the provider names the other outcome, so ${handedOverTo ?? 'its own run'} sends the mail.`;
      return { state: 'handed_over', sentence, handedOverTo };
    }
    default:
      return stranded(known);
  }
}

/** While an open run is not settled, whatever the ledger says of the mails before. */
function describeWaiting(known: Known): Description | undefined {
  const { recorded, run, now } = known;
  if (run?.status !== 'open') return undefined;
  const wait = describeWait(run, now, giveUpAt(known));
  const isSettled = ['sent', 'parked'].includes(
    recorded?.notification.state ?? run.shown.state ?? '',
  );
  if (!wait && (isSettled || isOver(run))) return undefined;
  const subject = subjectOf(recorded?.resends);
  const underWay = recorded?.attempts.find(({ verdict }) => verdict === 'sending');
  if (underWay) {
    const since = utc(underWay.claimedAt);
    const sentence = `${subject} is being sent: a worker speaks to the relay since ${since}.`;
    return { state: 'sending', sentence, wait: { for: 'the relay' } };
  }
  if (!wait) {
    return { state: 'waiting', sentence: `${subject} is under way: everything is tried once now.` };
  }
  const { text, remedy } = wait;
  return {
    ...{ state: 'waiting', sentence: `${subject} is not sent yet: ${text}.`, wait: wait.wait },
    ...(remedy && { remedy }),
  };
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

function sent(recorded?: RecordedNotification, run?: NotificationRun): Description {
  const last = recorded?.attempts.filter(isSent).at(-1);
  const isAssumed = last ? last.verdict === 'ambiguous' : run?.shown.assumed;
  const at = last ? ` at ${utc(last.settledAt ?? last.claimedAt)}` : '';
  const mail = last && last.resend > 0 ? `resend ${last.resend}` : 'the mail';
  const sentence = isAssumed
    ? `Assumed to be sent${at}: the relay got ${mail} and gave no answer (SMTP_UNCERTAIN_POLICY); ${AT_REST}.`
    : `Sent: the relay accepted ${mail}${at}; ${AT_REST}.`;
  return { state: 'sent', sentence };
}

const isSent = ({ verdict }: Attempt) => verdict === 'accepted' || verdict === 'ambiguous';

function parked(reason: ParkReason | undefined, { recorded, run }: Known): Description {
  const reply = recorded
    ? recorded.attempts.filter(({ verdict }) => verdict !== 'sending').at(-1)?.reply
    : run?.shown.relayReply;
  const said = reply && reason && SAID.includes(reason) ? ` ("${oneLine(reply)}")` : '';
  const since = recorded ? ` since ${utc(recorded.notification.updatedAt)}` : '';
  const why = reason ? (PARKED[reason] ?? reason) : 'its reason is not known';
  const remedy = reason && reasons[reason]?.remedy;
  return {
    ...{ state: 'parked', reason, ...(remedy && { remedy }) },
    sentence: `Parked${since}: ${why}${said}; ${AT_REST}.`,
  };
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
  return { state, remedy: RESEND, sentence: `Not sent, and nothing will happen: ${what}.` };
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
