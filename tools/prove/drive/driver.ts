import { workflowId } from '../../../workflows/core/workflow-id';
import type { ObservedNuisance, ObservedUpload } from '../judge/observations';
import type { PlannedNuisance } from '../plan/nuisances';
import type { Traffic } from '../plan/traffic';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';
import { nuisanceWebhook } from './nuisance-webhook';
import { createPlayUpload } from './play-upload';
import { createSender, type Post } from './sender';

export type Driver = ReturnType<typeof createDriver>;

interface DriverOptions {
  stage: Stage;
  traffic: Traffic;
  clock: Clock;
}

/** Sends the planned traffic and records the answers. */
export function createDriver({ stage, traffic, clock }: DriverOptions) {
  /** By task. */
  const posts = new Map<string, Post[]>();
  const uploads: ObservedUpload[] = [];
  const nuisances: ObservedNuisance[] = [];
  const record = (taskId: string, post: Post) => {
    posts.set(taskId, [...(posts.get(taskId) ?? []), post]);
  };
  const sender = createSender({ stage, clock, record });
  const playUpload = createPlayUpload({ stage, clock, sender, record });

  async function playNuisance({ taskId, nuisance, api }: PlannedNuisance): Promise<void> {
    const webhook = nuisanceWebhook(nuisance, taskId, stage.webhookSecret);
    const { answer } = await sender.sendOnce({ taskId, what: nuisance, webhook, api });
    nuisances.push({ taskId, nuisance, statuses: typeof answer === 'number' ? [answer] : [] });
  }

  return {
    ...{ uploads, nuisances, posts },
    countBegun: () => uploads.filter(({ taskId }) => posts.has(taskId)).length,
    /** Resolves when each genuine request is acknowledged. */
    async play(): Promise<void> {
      const playing = traffic.uploads.map((plan) => {
        const { taskId, outcome, address } = plan;
        const eventId = workflowId(taskId, outcome);
        const observed: ObservedUpload = { taskId, eventId, address, accepted: false, resends: [] };
        uploads.push(observed);
        return playUpload(plan, observed);
      });
      await Promise.all([...playing, clock.play(traffic.nuisances, playNuisance)]);
    },
  };
}
