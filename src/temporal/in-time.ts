import type { Client } from '@temporalio/client';

/** With the client's own retries, an answer within two seconds whatever Temporal does. */
const REQUEST_TIMEOUT_MS = 1_500;

/** Rejects when Temporal has not answered by then. */
export function inTime<T>(client: Client, request: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + REQUEST_TIMEOUT_MS, request);
}
