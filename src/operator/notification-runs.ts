import type { UploadWatchResult } from '../../activities/upload-watch/check-upload';
import type { StepFailure } from '../../workflows/core/step-failure';
import type { NotificationStatus } from '../../workflows/notification/messages';

/** What an open run waits for. Instants are ISO 8601. */
export interface PendingStep {
  /** The activity's name. */
  activity: string;
  /** Of the attempt that is under way, or comes next. */
  attempt: number;
  isRunning: boolean;
  scheduledAt?: string;
  nextAttemptAt?: string;
  failure?: StepFailure;
}

/** The latest run of a notification. */
export interface NotificationRun {
  runId: string;
  status: 'open' | 'closed';
  /** How Temporal names it: RUNNING, COMPLETED, TERMINATED, … */
  statusName: string;
  startedAt: string;
  closedAt?: string;
  startedBy: 'webhook' | 'watch' | 'resend' | 'hand_over';
  /** As far as the run shows it, or as its result says. */
  shown: Partial<NotificationStatus>;
  pending: PendingStep[];
}

/** The latest watch of an upload. */
export interface WatchRun {
  runId: string;
  status: 'open' | 'closed';
  startedAt: string;
  closedAt?: string;
  userId?: string;
  result?: UploadWatchResult;
  /** The question to the provider, once the webhook is overdue. */
  pending?: PendingStep;
}

/** Reads the runs that Temporal keeps. Every call rejects when Temporal cannot be reached. */
export interface NotificationRuns {
  /** Undefined: there was none, or Temporal has forgotten it. */
  describe(eventId: string): Promise<NotificationRun | undefined>;
  describeWatch(taskId: string): Promise<WatchRun | undefined>;
  /** Of a user's latest runs; each list has 20 at most. */
  findByUser(userId: string): Promise<{ eventIds: string[]; watchedTaskIds: string[] }>;
}
