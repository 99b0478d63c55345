/** An upload that a notification is owed for, remembered in case its webhook never comes. */
export interface WatchedUpload {
  taskId: string;
  uploadId?: string;
  userId?: string;
  fileName?: string;
  emailCount?: number;
  /** Whether the provider was told to call our webhook, or one of the caller's own. */
  ownCallback: boolean;
}

/** An upload that has no notification yet though it should, as far as is known. */
export interface DueUpload {
  taskId: string;
  userId?: string;
  emailCount?: number;
  /** How often the provider has answered about it. */
  looks: number;
  ageMs: number;
  /** For how long the provider has not known it. */
  missingMs?: number;
}

export interface DueUploads {
  /** The time by the database's clock to which uploads are due; for the pages that follow. */
  asOf: string;
  uploads: DueUpload[];
  /** How many were settled because the ledger has their notification. */
  notified: number;
  /** Whether there may be more by the same time. */
  more: boolean;
}

/**
 * What a look at an upload found. `started`: its notification was missing and is owed now. `late`:
 * the webhook's own run was there after all. `unknown`: given up. `unanswered`: nobody knows.
 */
export type Finding = 'started' | 'late' | 'waiting' | 'missing' | 'unknown' | 'unanswered';

/** A look as it is recorded; without `againMs` the upload is settled as what was found. */
export interface Look {
  taskId: string;
  finding: Finding;
  looks: number;
  /** Milliseconds until the next look. */
  againMs?: number;
}

/** The uploads that wait for their webhook. All of it rejects when the database cannot be asked. */
export interface Uploads {
  /** Once for each task; one that was given up is looked for again. */
  record(upload: WatchedUpload): Promise<void>;
  /** Uploads of that age whose next look is due, `most` at most. */
  findDue(query: { asOf?: string; olderThanMs: number; most: number }): Promise<DueUploads>;
  recordLooks(looks: Look[]): Promise<void>;
}

export interface SweepMetrics {
  /** `started` counts webhooks that were lost: worth an alert. */
  countLooks(finding: Finding | 'notified', count: number): void;
}
