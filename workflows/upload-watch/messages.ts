import { defineSignal } from '@temporalio/workflow';

/** The type name under which watches are started. */
export const WATCH_TYPE = 'watchUpload';

/**
 * Uploads are checked on a task queue of their own: its rate limit, which the server keeps for all
 * workers together, is the provider's and not the relay's.
 */
export function checksTaskQueue(taskQueue: string): string {
  return `${taskQueue}-upload-checks`;
}

/** An upload whose notification is expected. */
export interface WatchedUpload {
  taskId: string;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Whether the provider was told to call our webhook, or one of the uploader's own. */
  ownCallback: boolean;
}

export interface UploadWatchOptions {
  /** How long a webhook may take before the upload is checked. */
  sweepAfterMs: number;
  /** How long after its start a watch ends whose upload is not final. */
  giveUpAfterMs: number;
  /** Of the notification that a watch starts. */
  resendWindowMs: number;
}

/** Ends the wait: the upload is checked now. */
export const checkNowSignal = defineSignal('checkNow');
