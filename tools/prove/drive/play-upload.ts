import { signedWebhook } from '../../sandbox/provider/signed-webhook';
import { statusQuery } from '../../../workflows/notification/messages';
import { workflowId } from '../../../workflows/core/workflow-id';
import type { UploadTruth } from '../judge/truths';
import type { PlannedUpload } from '../plan/upload-plan';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';
import { giveAddress } from './owners';
import { patiently } from './patiently';
import { createRequester } from './requester';
import type { Post, Sender } from './sender';

const LOOK_MS = 2_000;

interface PlayOptions {
  stage: Stage;
  clock: Clock;
  sender: Sender;
  note: (taskId: string, post: Post) => void;
}

/** Plays all that happens to an upload, and keeps its truth. */
export function createPlayUpload({ stage, clock, sender, note }: PlayOptions) {
  const { provider, postgres, webhookSecret, adminToken } = stage;
  const requester = createRequester({ client: stage.client, clock, note });

  return async function playUpload(plan: PlannedUpload, truth: UploadTruth): Promise<void> {
    const { taskId, userId, addresses: total } = plan;
    await Promise.all([
      makeKnown(plan),
      clock.play(plan.posts, async ({ api, outcome }) => {
        const failed = outcome === 'failed' ? 1 : 0;
        const webhook = signedWebhook({ taskId, total, failed, secret: webhookSecret });
        const acknowledged = await sender.deliver({ taskId, what: outcome, webhook, api });
        truth.accepted ||= acknowledged;
        if (plan.looks) await look(workflowId(taskId, outcome));
      }),
      clock.play(plan.watch ? [plan.watch] : [], async ({ api }) => {
        const headers = { Authorization: `Bearer ${adminToken}` };
        truth.accepted = await sender.watch({ taskId, headers, api });
      }),
      clock.play(plan.mend ? [plan.mend] : [], async ({ address }) => {
        await patiently(clock, () => giveAddress(postgres.url, userId, address));
        truth.address = address;
      }),
      clock.play(plan.resends, async ({ requestId }) => {
        const request = { requestId, acknowledged: false };
        truth.resends.push(request);
        // Whoever mends an address asks when that is done.
        while (plan.mend && truth.address !== plan.mend.address) await clock.wait(100);
        await requester.resend(plan, requestId);
        request.acknowledged = true;
      }),
    ]);
  };

  /** As the UI does for who opens a run; whether it is answered does not matter. */
  async function look(id: string): Promise<void> {
    const { client } = stage;
    await client
      .withDeadline(Date.now() + LOOK_MS, () => client.workflow.getHandle(id).query(statusQuery))
      .catch(() => undefined);
  }

  async function makeKnown({ taskId, userId, ...plan }: PlannedUpload): Promise<void> {
    const { knownAtMs, finalAtMs, fileName: filename, addresses, outcome } = plan;
    await clock.until(knownAtMs);
    const status = finalAtMs > knownAtMs ? 'processing' : outcome;
    const file = { filename, email_count: addresses, status } as const;
    provider.addTask({ id: taskId, user_id: userId, file, jobs: [] });
    if (status !== 'processing') return;
    await clock.until(finalAtMs);
    provider.setStatus(taskId, outcome);
  }
}
