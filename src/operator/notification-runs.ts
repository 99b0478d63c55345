import type { UploadWatchResult } from '../../activities/upload-watch/check-upload';
import type { StepFailure } from '../../workflows/core/step-failure';
import type { NotificationState, NotificationStatus } from '../../workflows/notification/messages';

/** An activity that an open run waits for. Instants are ISO 8601. */
export interface PendingStep {
  /** The activity's name. */
  activity: string;
  /** The number of the current or next attempt, from 1. */
  attempt: number;
  isRunning: boolean;
  scheduledAt?: string;
  nextAttemptAt?: string;
  /** Why the attempt before failed. */
  failure?: StepFailure;
}

/** What the latest run of any kind has in common. */
export interface Run {
  runId: string;
  status: 'open' | 'closed';
  /** As Temporal names it: RUNNING, COMPLETED, FAILED, TERMINATED, … */
  statusName: string;
  startedAt: string;
  closedAt?: string;
  pending: PendingStep[];
  /** Since when no worker has taken a task of the run, if one is there to take. */
  untakenSince?: string;
}

export interface NotificationRun extends Run {
  startedBy: 'webhook' | 'watch' | 'resend' | 'hand_over';
  /** How long a settled run stays open for the signal `resend`. */
  resendWindowMs: number;
  /** As far as the run shows it, or as its result says. */
  shown: Partial<NotificationStatus>;
}

export interface WatchRun extends Run {
  userId?: string;
  /** The webhook counts as overdue from then on. */
  overdueAt?: string;
  result?: UploadWatchResult;
}

/** A run of a user's upload, as the visibility store lists it. */
export interface ListedRun {
  eventId: string;
  startedAt: string;
  status: 'open' | 'closed';
  state: NotificationState;
}

export interface ListedRuns {
  /** Of notifications, the latest first. */
  runs: ListedRun[];
  /** Of watches that are open. */
  watchedTaskIds: string[];
  /** There are more runs than `RUNS_LISTED_MAX`. */
  isCut: boolean;
}

export const RUNS_LISTED_MAX = 50;

/** Reads the runs that Temporal keeps. Every call rejects when Temporal cannot be reached. */
export interface NotificationRuns {
  /** Undefined: there was none, or Temporal has forgotten it. */
  describe(eventId: string): Promise<NotificationRun | undefined>;
  describeWatch(taskId: string): Promise<WatchRun | undefined>;
  /** How long Temporal keeps closed runs; undefined if it does not tell. */
  readRetentionMs(): Promise<number | undefined>;
  /** The latest runs of a user, of whatever kind. */
  findByUser(userId: string): Promise<ListedRuns>;
}
