/** Why there is no mail to send, as far as the provider and the webhook tell. */
export type NothingToSend = 'not_file_backed' | 'outcome_unknown' | 'user_id_missing';

/** Why a mail was not sent and needs a person. */
export type ParkReason =
  | 'recipient_missing'
  | 'recipient_limit'
  | 'task_metadata_missing'
  | 'refused'
  | 'gave_up'
  | 'uncertain';

/** Why there is no mail to send. */
export type NothingToSendReason = NothingToSend | 'duplicate_or_not_recorded';

export type Reason = NothingToSendReason | ParkReason;

interface Consequence {
  state: 'nothing_to_send' | 'parked';
  /** Under `bulk_upload_notification.`. */
  logKey: string;
  /** What a person can do, in one sentence. */
  remedy?: string;
}

export const reasons: Record<Reason, Consequence> = {
  not_file_backed: { state: 'nothing_to_send', logKey: 'non_file_task_ignored' },
  outcome_unknown: { state: 'nothing_to_send', logKey: 'outcome_unknown' },
  user_id_missing: { state: 'nothing_to_send', logKey: 'user_id_missing' },
  duplicate_or_not_recorded: { state: 'nothing_to_send', logKey: 'duplicate_or_not_recorded' },
  recipient_missing: {
    state: 'parked',
    logKey: 'recipient_missing',
    remedy: "Give the user's profile or account one valid e-mail address, then resend.",
  },
  recipient_limit: {
    state: 'parked',
    logKey: 'recipient_limit',
    remedy:
      'The address had RECIPIENT_MAX_PER_DAY first mails in a day: check if it is right, then resend.',
  },
  task_metadata_missing: {
    state: 'parked',
    logKey: 'task_metadata_missing',
    remedy:
      'The provider does not know the task, or not its file, user, count or final status: ask there, then resend.',
  },
  refused: {
    state: 'parked',
    logKey: 'smtp_send_failed',
    remedy: 'The relay refused the recipient or the message: correct what it says, then resend.',
  },
  gave_up: {
    state: 'parked',
    logKey: 'gave_up',
    remedy: 'Nothing answered for as long as GIVE_UP_AFTER allows: repair that, then resend.',
  },
  uncertain: {
    state: 'parked',
    logKey: 'uncertain',
    remedy:
      'The relay may have the mail: look there or ask the recipient, and resend if it is lost.',
  },
};

export function isNothingToSend(reason: Reason): reason is NothingToSendReason {
  return reasons[reason].state === 'nothing_to_send';
}
