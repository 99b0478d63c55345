import { postWebhook, type WebhookAnswer } from '../../sandbox/provider/post-webhook';
import { isAcknowledged, isRetried, retryWaitMs } from '../../sandbox/provider/retry-wait';
import type { SignedWebhook } from '../../sandbox/provider/signed-webhook';
import { serviceUrls } from '../../sandbox/service/service-urls';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';

/** One request and its answer. */
export interface Post {
  at: number;
  what: string;
  api: string;
  answer: WebhookAnswer['answer'];
  body?: string;
}

export type Sender = ReturnType<typeof createSender>;

interface SenderOptions {
  stage: Pick<Stage, 'slots'>;
  clock: Clock;
  record: (taskId: string, post: Post) => void;
}

interface Sending {
  taskId: string;
  what: string;
  webhook: SignedWebhook;
  /** Index of the API process that is tried first. */
  api: number;
}

type Target = 'webhook' | 'watch';

const TIMEOUT_MS = 10_000;
/** Without a limit: each webhook must be acknowledged in the end. */
const RULES = { attempts: Infinity, backoffMs: 500 };
const RETRY_WAIT_MAX_MS = 8_000;
const APIS = ['api-1', 'api-2'];

/** Sends like the provider: retries after a connection error and after 429, 502, 503 and 504. */
export function createSender({ stage: { slots }, clock, record }: SenderOptions) {
  async function once(target: Target, { taskId, what, webhook, api: index }: Sending) {
    const api = APIS[index % APIS.length] ?? '';
    const at = Date.now();
    const answer = await ask(target, taskId, webhook, slots.get(api)?.current()?.port);
    record(taskId, { at, what: `${target} ${what}`, api, ...answer });
    return answer;
  }

  async function ask(
    target: Target,
    taskId: string,
    webhook: SignedWebhook,
    port?: number,
  ): Promise<WebhookAnswer> {
    if (port === undefined) return { answer: 'connection_error' };
    const urls = serviceUrls(port);
    const url = target === 'webhook' ? urls.webhook : `${urls.base}/api/tasks/${taskId}/watch`;
    return postWebhook(url, webhook, TIMEOUT_MS, clock.over);
  }

  /** Alternates between the API processes until one of them acknowledges or refuses. */
  async function sendUntilAnswered(target: Target, sending: Sending): Promise<boolean> {
    for (let nth = 1; ; nth++) {
      const answer = await once(target, { ...sending, api: sending.api + nth - 1 });
      if (isAcknowledged(answer) || !isRetried(answer)) return isAcknowledged(answer);
      await clock.wait(Math.min(retryWaitMs(answer, nth, RULES), RETRY_WAIT_MAX_MS));
    }
  }

  return {
    /** Resolves to whether it was acknowledged. */
    deliver: (sending: Sending) => sendUntilAnswered('webhook', sending),
    watch({
      headers,
      ...rest
    }: Omit<Sending, 'what' | 'webhook'> & Pick<SignedWebhook, 'headers'>) {
      return sendUntilAnswered('watch', {
        ...rest,
        what: '',
        webhook: { body: Buffer.alloc(0), headers },
      });
    },
    sendOnce: (sending: Sending) => once('webhook', sending),
  };
}
