import { setTimeout as sleep } from 'node:timers/promises';
import { postWebhook, type WebhookAnswer } from './post-webhook';
import type { ProviderTask } from './provider-shapes';
import { isAcknowledged, isRetried, retryWaitMs, type RetryRules } from './retry-wait';
import { signedWebhook } from './signed-webhook';

export interface WebhookRules extends RetryRules {
  /** How long an attempt may take, to the end of the answer. */
  timeoutMs: number;
}

/** An attempt that `stop` cut has no answer, and is not listed. */
export type WebhookAttempt = WebhookAnswer & { webhookId: string; signature?: string; time: Date };

export interface ProviderDelivery {
  taskId: string;
  uploadId?: string;
  url: string;
  attempts: WebhookAttempt[];
  /** `refused`: by an answer that is not retried. Not there while the webhook is under way. */
  ended?: 'acknowledged' | 'refused' | 'gave_up' | 'lost';
}

export interface ProviderWebhooks {
  /** One for each task that became final and has a `webhook_url`, in that order. */
  deliveries: ProviderDelivery[];
  /** Never sends the next so many webhooks, or those of the tasks that match; 0 ends that. */
  loseWebhooks: (which: number | ((task: ProviderTask) => boolean)) => void;
  deliver: (task: ProviderTask) => void;
  /** Cuts what is under way, and waits until nothing of it is left. */
  stop: () => Promise<void>;
  /** Goes on with what was cut, and with what became due since. */
  start: () => void;
}

const RULES: WebhookRules = { attempts: 6, backoffMs: 1_000, timeoutMs: 10_000 };

/** The provider's side of the webhook: signed, and sent again by its rules. */
export function createProviderWebhooks(
  secret?: string,
  changes: Partial<WebhookRules> = {},
): ProviderWebhooks {
  const rules = { ...RULES, ...changes };
  const deliveries: ProviderDelivery[] = [];
  const pending = new Map<ProviderDelivery, ProviderTask>();
  const underWay = new Set<Promise<void>>();
  let isLost = (_: ProviderTask) => false;
  let running = new AbortController();

  function begin(delivery: ProviderDelivery, task: ProviderTask): void {
    const { signal } = running;
    if (signal.aborted) return;
    const end = carryOut(delivery, task, signal).finally(() => underWay.delete(end));
    underWay.add(end);
  }

  async function carryOut(
    delivery: ProviderDelivery,
    task: ProviderTask,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (;;) {
        const last = await attempt(delivery, task, signal);
        const nth = delivery.attempts.push(last);
        delivery.ended = verdict(last, nth);
        if (delivery.ended) break;
        await sleep(retryWaitMs(last, nth, rules), undefined, { signal });
      }
      pending.delete(delivery);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Each attempt has the same body, under an ID and a time of its own. */
  async function attempt(
    { url }: ProviderDelivery,
    task: ProviderTask,
    signal: AbortSignal,
  ): Promise<WebhookAttempt> {
    const time = new Date();
    const webhook = completionWebhook(task, secret);
    const { 'X-Webhook-ID': webhookId = '', 'X-Webhook-Signature': signature } = webhook.headers;
    const answer = await postWebhook(url, webhook, rules.timeoutMs, signal);
    return { ...answer, webhookId, signature, time };
  }

  function verdict(last: WebhookAttempt, nth: number): ProviderDelivery['ended'] {
    if (isAcknowledged(last)) return 'acknowledged';
    if (!isRetried(last)) return 'refused';
    return nth < rules.attempts ? undefined : 'gave_up';
  }

  return {
    deliveries,
    loseWebhooks(which) {
      let left = typeof which === 'number' ? which : 0;
      isLost = typeof which === 'number' ? () => left-- > 0 : which;
    },
    deliver(task) {
      const { id: taskId, webhook_url: url, file } = task;
      if (!url) return;
      const delivery: ProviderDelivery = { taskId, uploadId: file?.upload_id, url, attempts: [] };
      deliveries.push(delivery);
      if (isLost(task)) {
        delivery.ended = 'lost';
        return;
      }
      pending.set(delivery, task);
      begin(delivery, task);
    },
    async stop() {
      running.abort();
      await Promise.all(underWay);
    },
    start() {
      if (!running.signal.aborted) return;
      running = new AbortController();
      pending.forEach((task, delivery) => begin(delivery, task));
    },
  };
}

function completionWebhook(
  { id, user_id, file, metrics, finished_at }: ProviderTask,
  secret?: string,
) {
  return signedWebhook({
    taskId: id,
    uploadId: file?.upload_id,
    userId: user_id,
    total: metrics.total_email_addresses,
    failed: metrics.job_status.failed,
    completedAt: finished_at ? new Date(finished_at) : undefined,
    secret,
  });
}
