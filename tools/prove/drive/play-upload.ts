import { signedWebhook } from '../../sandbox/provider/signed-webhook';
import { statusQuery } from '../../../workflows/notification/messages';
import { workflowId } from '../../../workflows/core/workflow-id';
import type { ObservedUpload } from '../judge/observations';
import type { PlannedUpload } from '../plan/upload-plan';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';
import { giveAddress } from './owners';
import { retryUntilDone } from './retry-until-done';
import { createRequester } from './requester';
import type { Post, Sender } from './sender';

const QUERY_TIMEOUT_MS = 2_000;

interface PlayOptions {
  stage: Stage;
  clock: Clock;
  sender: Sender;
  record: (taskId: string, post: Post) => void;
}

/** Plays everything planned for an upload and records what its sender observes. */
export function createPlayUpload({ stage, clock, sender, record }: PlayOptions) {
  const { provider, postgres, webhookSecret, adminToken } = stage;
  const requester = createRequester({ client: stage.client, clock, record });

  return async function playUpload(plan: PlannedUpload, observed: ObservedUpload): Promise<void> {
    const { taskId, userId, addresses: total } = plan;
    await Promise.all([
      registerTask(plan),
      clock.play(plan.posts, async ({ api, outcome }) => {
        const failed = outcome === 'failed' ? 1 : 0;
        const webhook = signedWebhook({ taskId, total, failed, secret: webhookSecret });
        const acknowledged = await sender.deliver({ taskId, what: outcome, webhook, api });
        observed.accepted ||= acknowledged;
        if (plan.queries) await queryStatus(workflowId(taskId, outcome));
      }),
      clock.play(plan.watch ? [plan.watch] : [], async ({ api }) => {
        const headers = { Authorization: `Bearer ${adminToken}` };
        observed.accepted = await sender.watch({ taskId, headers, api });
      }),
      clock.play(plan.lateAddress ? [plan.lateAddress] : [], async ({ address }) => {
        await retryUntilDone(clock, () => giveAddress(postgres.url, userId, address));
        observed.address = address;
      }),
      clock.play(plan.resends, async ({ requestId }) => {
        const request = { requestId, acknowledged: false };
        observed.resends.push(request);
        // A resend for a new address is requested once the address is stored.
        while (plan.lateAddress && observed.address !== plan.lateAddress.address)
          await clock.wait(100);
        await requester.resend(plan, requestId);
        request.acknowledged = true;
      }),
    ]);
  };

  /** Queries a run, as the UI does when a person opens it; failures are ignored. */
  async function queryStatus(id: string): Promise<void> {
    const { client } = stage;
    await client
      .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
        client.workflow.getHandle(id).query(statusQuery),
      )
      .catch(() => undefined);
  }

  async function registerTask({ taskId, userId, ...plan }: PlannedUpload): Promise<void> {
    const { registeredAtMs, finalAtMs, fileName: filename, addresses, outcome } = plan;
    await clock.until(registeredAtMs);
    const status = finalAtMs > registeredAtMs ? 'processing' : outcome;
    const file = { filename, email_count: addresses, status } as const;
    provider.addTask({ id: taskId, user_id: userId, file, jobs: [] });
    if (status !== 'processing') return;
    await clock.until(finalAtMs);
    provider.setStatus(taskId, outcome);
  }
}
