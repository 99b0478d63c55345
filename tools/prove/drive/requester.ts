import type { Client } from '@temporalio/client';
import { createNotifications } from '../../../src/temporal/notifications';
import type { PlannedUpload } from '../plan/upload-plan';
import type { Clock } from './clock';
import { retryUntilDone } from './retry-until-done';
import type { Post } from './sender';

interface RequesterOptions {
  client: Client;
  clock: Clock;
  record: (taskId: string, post: Post) => void;
}

const TIMEOUT_MS = 5_000;
const taskQueue = 'bulk-upload-notifications';

/** Requests resends like the command, and repeats a request until Temporal has accepted it. */
export function createRequester({ client, clock, record }: RequesterOptions) {
  const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });

  return {
    async resend({ taskId, outcome }: PlannedUpload, requestId: string): Promise<void> {
      await retryUntilDone(clock, async () => {
        const post = { at: Date.now(), what: `resend ${requestId}`, api: 'Temporal' };
        const request = () =>
          notifications.resend(taskId, outcome, { requestId, requestedBy: 'prove' });
        try {
          await client.withDeadline(post.at + TIMEOUT_MS, request);
          record(taskId, { ...post, answer: 200 });
        } catch (error) {
          record(taskId, { ...post, answer: 'connection_error' });
          throw error;
        }
      });
    },
  };
}
