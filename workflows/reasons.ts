/** Why no mail is owed. */
export type NothingOwedReason = 'not_file_backed' | 'outcome_unknown' | 'user_id_missing';

/** Why a mail that is owed was not sent and needs a person. */
export type ParkReason = 'recipient_missing' | 'task_metadata_missing' | 'refused';

export type Reason = NothingOwedReason | ParkReason;

interface Consequence {
  state: 'nothing_owed' | 'parked';
  /** Under `bulk_upload_notification.`, as the module before this service named it. */
  logKey: string;
  /** What a person can do, in one sentence. */
  remedy?: string;
}

export const reasons: Record<Reason, Consequence> = {
  not_file_backed: { state: 'nothing_owed', logKey: 'non_file_task_ignored' },
  outcome_unknown: { state: 'nothing_owed', logKey: 'outcome_unknown' },
  user_id_missing: { state: 'nothing_owed', logKey: 'user_id_missing' },
  recipient_missing: {
    state: 'parked',
    logKey: 'recipient_missing',
    remedy: "Give the user's profile or account one valid e-mail address.",
  },
  task_metadata_missing: {
    state: 'parked',
    logKey: 'task_metadata_missing',
    remedy: 'The provider does not know the task or the name of its file: ask there.',
  },
  refused: {
    state: 'parked',
    logKey: 'refused',
    remedy: 'The relay refused the recipient or the message, in the words above: correct that.',
  },
};
