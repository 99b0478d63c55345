import type { Task } from '../../workflows/core/decision';

/** Why the provider's API gave no answer that can be used. */
export interface TaskApiFault {
  fault: 'not_found' | 'unauthorized' | 'unavailable';
  /** For people: the status and the provider's error code, or what broke. No token, no address. */
  message: string;
  status?: number;
  /** The system's code when no answer came. */
  cause?: string;
  /** From Retry-After, in milliseconds. */
  retryAfterMs?: number;
}

/** The provider's API; rejects only when `stop` does. */
export interface TaskApi {
  fetchTask(taskId: string, stop: AbortSignal): Promise<Task | TaskApiFault>;
}
