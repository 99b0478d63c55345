import type { Pace, Sent } from '../instruments/pace';

/** One way to do the work, with the processes that do it. */
export interface Column {
  name: ColumnName;
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
  /** Sends where no worker takes them: what remains is the cost of the acknowledgement. */
  acknowledge?(taskIds: string[], pace: Pace): Promise<Sent>;
  /** What only our own service can be asked for. */
  service?: Service;
  close(): Promise<void>;
}

export interface Service {
  /** The same with processes and a task queue of its own. */
  sibling(environment?: Record<string, string>): Promise<Column>;
  /** An API without a worker, for bodies of this many jobs; a watch of its event loop. */
  api: {
    pid: number;
    send(taskIds: string[], pace: Pace, jobs: number): Promise<Sent>;
    longestStall(work: () => Promise<unknown>): Promise<number>;
  };
  /** Milliseconds from the spawn of a process to its readiness. */
  startTime(command: 'api' | 'worker'): Promise<number>;
}

export const columnNames = [
  'ours',
  'ours, rate limit',
  'naive',
  'naive, rate limit',
  'floor',
  'floor, rate limit',
  'bare',
  'bare, our start',
  'pg-boss',
  'graphile-worker',
  'BullMQ',
] as const;
export type ColumnName = (typeof columnNames)[number];
