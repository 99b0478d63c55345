import type { Client } from '@temporalio/client';
import { createNotifications } from '../../../src/temporal/notifications';
import type { PlannedUpload } from '../plan/upload-plan';
import type { Clock } from './clock';
import { patiently } from './patiently';
import type { Post } from './sender';

interface RequesterOptions {
  client: Client;
  clock: Clock;
  note: (taskId: string, post: Post) => void;
}

const TIMEOUT_MS = 5_000;
const taskQueue = 'bulk-upload-notifications';

/** Asks for resends as the command does, until Temporal has taken them. */
export function createRequester({ client, clock, note }: RequesterOptions) {
  const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });

  return {
    async resend({ taskId, outcome }: PlannedUpload, requestId: string): Promise<void> {
      await patiently(clock, async () => {
        const post = { at: Date.now(), what: `resend ${requestId}`, api: 'Temporal' };
        const ask = () =>
          notifications.resend(taskId, outcome, { requestId, requestedBy: 'prove' });
        try {
          await client.withDeadline(post.at + TIMEOUT_MS, ask);
          note(taskId, { ...post, answer: 200 });
        } catch (error) {
          note(taskId, { ...post, answer: 'connection_error' });
          throw error;
        }
      });
    },
  };
}
