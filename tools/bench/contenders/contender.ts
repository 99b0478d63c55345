import type { Pace, Sent } from '../instruments/pace';

/** One design and its running processes. */
export interface Contender {
  name: ContenderName;
  /** Their CPU counts as "our processes"; the starter corresponds to the API. */
  pids: { worker: number[]; starter: number[] };
  /**
   * Sends a notification for each task ID and resolves when all are acknowledged. Only the service
   * learns the user from the webhook, who is the owner by default.
   */
  send(taskIds: string[], pace: Pace, userId?: string): Promise<Sent>;
  /** Whether it sends mail. */
  mails: boolean;
  /** Only for a contender that runs Temporal workflows in the namespace of the stage. */
  workflows?: { taskQueue: string; idOf(taskId: string): string };
  /** Resolves when each notification is finished: the mail sent, the run closed. */
  finished(): Promise<void>;
  /** Sends to a task queue without a worker, which leaves only the cost of the acknowledgement. */
  acknowledge?(taskIds: string[], pace: Pace): Promise<Sent>;
  /** The same design with processes and a task queue of its own, and these variables. */
  sibling?: (environment?: Record<string, string>) => Promise<Contender>;
  /** Only for the service itself. */
  service?: Service;
  close(): Promise<void>;
}

export interface Service {
  /** An API without a worker, for webhooks with many jobs and for its event loop. */
  api: {
    pid: number;
    send(taskIds: string[], pace: Pace, jobs: number): Promise<Sent>;
    longestStall(work: () => Promise<unknown>): Promise<number>;
  };
  /** Milliseconds from the spawn of a process until it is ready. */
  startTime(command: 'api' | 'worker'): Promise<number>;
}

export const contenderNames = [
  'ours',
  'ours, rate limit',
  'baseline',
  'baseline, rate limit',
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
export type ContenderName = (typeof contenderNames)[number];
