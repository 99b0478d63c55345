/** The type names under which runs are started. */
export const WATCH_TYPE = 'watchUpload';
export const SWEEP_TYPE = 'sweepUploads';

/** Of the run that remembers an upload. */
export function watchId(taskId: string): string {
  return `bulk_upload_watch:${taskId}`;
}

/** What `bulk-notify setup` writes into the schedule. */
export interface SweepOptions {
  /** How long a webhook may take before anybody asks. */
  sweepAfterMs: number;
  /** Of the notifications that the sweep starts. */
  resendWindowMs: number;
}

/** What a sweep found: its details while it runs, and its result. */
export interface SweepReport {
  /** Uploads without a notification; the sum of the six that follow. */
  looked: number;
  /** The webhook is lost: the notification is owed now. */
  started: number;
  /** The webhook came after all: its run was there. */
  late: number;
  /** The provider still works on them. */
  waiting: number;
  /** The provider does not know them, yet. */
  missing: number;
  /** Given up: not known for a day, or not finished for a month. */
  unknown: number;
  /** The provider gave no answer; they stay due. */
  unanswered: number;
  /** Settled without a question: the ledger has their notification. */
  notified: number;
  /** Why the sweep left the rest to the next one. */
  stopped?: 'unauthorized' | 'provider_down';
}
