import { signedWebhook } from '../../sandbox/provider/signed-webhook';
import { createNotifications } from '../../src/notifications';
import { workflowId } from '../../workflows/workflow-id';
import type { NuisanceTruth, UploadTruth } from '../judge/truths';
import type { Traffic } from '../plan/traffic';
import type { PlannedUpload } from '../plan/upload-plan';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';
import { nuisanceWebhook } from './nuisance-webhook';
import { giveAddress } from './owners';
import { patiently } from './patiently';
import type { Post, Sender } from './sender';

/** The driver's own client asks Temporal directly: an operator is not behind the service's wires. */
const RESEND_TIMEOUT_MS = 5_000;

export type Driver = ReturnType<typeof createDriver>;

interface DriverOptions {
  stage: Stage;
  traffic: Traffic;
  sender: Sender;
  clock: Clock;
}

/** Plays the traffic, and remembers what was sent and what was answered. */
export function createDriver({ stage, traffic, sender, clock }: DriverOptions) {
  const { client, provider, postgres, webhookSecret, adminToken } = stage;
  const notifications = createNotifications({
    client,
    taskQueue: 'bulk-upload-notifications',
    resendWindowMs: 0,
  });
  const posts = new Map<string, Post[]>();
  const uploads = traffic.uploads.map(({ taskId, outcome, address }): UploadTruth => ({
    ...{ taskId, address, accepted: false, resends: [] },
    eventId: workflowId(taskId, outcome),
  }));
  const truthOf = new Map(uploads.map((upload) => [upload.taskId, upload]));
  const nuisances: NuisanceTruth[] = [];

  const note = (taskId: string, more: Post[]) =>
    posts.set(taskId, [...(posts.get(taskId) ?? []), ...more]);

  async function playUpload(plan: PlannedUpload, truth: UploadTruth): Promise<void> {
    await Promise.all([
      makeKnown(plan),
      clock.play(plan.posts, async ({ api, outcome }) => {
        const failed = outcome === 'failed' ? 1 : 0;
        const { taskId, addresses: total } = plan;
        const webhook = signedWebhook({ taskId, total, failed, secret: webhookSecret });
        accept(truth, await sender.deliver(`webhook: ${outcome}`, 'webhook', webhook, api));
      }),
      clock.play(plan.watch ? [plan.watch] : [], async ({ api }) => {
        const headers = { Authorization: `Bearer ${adminToken}` };
        const handedIn = { body: Buffer.alloc(0), headers };
        const path = { watch: plan.taskId };
        accept(truth, await sender.deliver('watch', path, handedIn, api));
      }),
      clock.play(plan.mend ? [plan.mend] : [], async ({ address }) => {
        await patiently(clock, () => giveAddress(postgres.url, plan.userId, address));
        truth.address = address;
      }),
      clock.play(plan.resends, async ({ requestId }) => resend(plan, truth, requestId)),
    ]);
  }

  function accept(
    truth: UploadTruth,
    { posts: made, acknowledged }: Awaited<ReturnType<Sender['deliver']>>,
  ) {
    note(truth.taskId, made);
    truth.accepted ||= acknowledged;
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

  /** Until Temporal has taken it; the one who mends an address asks when that is done. */
  async function resend(plan: PlannedUpload, truth: UploadTruth, requestId: string): Promise<void> {
    const request = { requestId, acknowledged: false };
    truth.resends.push(request);
    while (plan.mend && truth.address !== plan.mend.address) await clock.wait(100);
    await patiently(clock, async () => {
      const at = Date.now();
      const ask = () =>
        notifications.resend(plan.taskId, plan.outcome, { requestId, requestedBy: 'prove' });
      await client.withDeadline(at + RESEND_TIMEOUT_MS, ask).then(
        () =>
          note(plan.taskId, [{ at, what: `resend ${requestId}`, api: 'Temporal', answer: 200 }]),
        (error: unknown) => {
          note(plan.taskId, [
            { at, what: `resend ${requestId}`, api: 'Temporal', answer: 'connection_error' },
          ]);
          throw error;
        },
      );
    });
    request.acknowledged = true;
  }

  return {
    ...{ uploads, nuisances, posts },
    async play(): Promise<void> {
      await Promise.all([
        ...traffic.uploads.map((plan) => playUpload(plan, truthOf.get(plan.taskId) as UploadTruth)),
        clock.play(traffic.nuisances, async ({ taskId, nuisance, api }) => {
          const webhook = nuisanceWebhook(nuisance, taskId, webhookSecret);
          const post = await sender.sendOnce(`webhook: ${nuisance}`, webhook, api);
          note(taskId, [post]);
          const statuses = typeof post.answer === 'number' ? [post.answer] : [];
          nuisances.push({ taskId, nuisance, statuses });
        }),
      ]);
    },
  };
}
