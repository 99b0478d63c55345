import type { Pace, Sent } from '../instruments/pace';

/** One way to do the work, with the processes that do it. */
export interface Column {
  name: string;
  /** Their CPU counts as "our processes"; the starter is what the API is to us. */
  pids: { worker: number[]; starter: number[] };
  /** Sends a notification for each task ID and resolves when all were taken. */
  send(taskIds: string[], pace: Pace): Promise<Sent>;
  /** Whether its notifications end as mail. */
  mails: boolean;
  /** Where it is a Temporal workflow. */
  workflows?: { taskQueue: string; idOf(taskId: string): string };
  /** Resolves when all that was sent is over: the mail is out and the run closed. */
  finished(): Promise<void>;
  /** The same with runs that stay open for a while, for a resend. */
  withWindow?(): Promise<Column>;
  close(): Promise<void>;
}

export const columnNames = ['ours', 'ours, rate limit', 'naive', 'floor', 'bare'] as const;
export type ColumnName = (typeof columnNames)[number];
