import { postWebhook, type WebhookAnswer } from '../../sandbox/provider/post-webhook';
import { isAcknowledged, isRetried, retryWaitMs } from '../../sandbox/provider/retry-wait';
import type { SignedWebhook } from '../../sandbox/provider/signed-webhook';
import { serviceUrls } from '../../sandbox/service/service-urls';
import type { Stage } from '../stage/stage';
import type { Clock } from './clock';

/** One attempt to send something, and what came of it. */
export interface Post {
  at: number;
  what: string;
  api: string;
  answer: WebhookAnswer['answer'];
  body?: string;
}

export type Sender = ReturnType<typeof createSender>;

const TIMEOUT_MS = 10_000;
/** For ever: each webhook has to be acknowledged in the end. */
const RULES = { attempts: Infinity, backoffMs: 500 };
const LONGEST_WAIT_MS = 8_000;
const APIS = ['api-1', 'api-2'];

/** Sends as the provider does: again after no answer and after 429, 502, 503 and 504. */
export function createSender({ slots }: Pick<Stage, 'slots'>, clock: Clock, stop: AbortSignal) {
  async function once(path: 'webhook' | { watch: string }, webhook: SignedWebhook, api: string) {
    const port = slots.get(api)?.current()?.port;
    if (port === undefined) return { answer: 'connection_error' } as const;
    const urls = serviceUrls(port);
    const url = path === 'webhook' ? urls.webhook : `${urls.base}/api/tasks/${path.watch}/watch`;
    return postWebhook(url, webhook, TIMEOUT_MS, stop);
  }

  return {
    /** Until it is acknowledged or refused for good; each attempt goes to the other API process. */
    async deliver(
      what: string,
      path: Parameters<typeof once>[0],
      webhook: SignedWebhook,
      first: number,
    ) {
      const posts: Post[] = [];
      for (let nth = 1; ; nth++) {
        const api = APIS[(first + nth - 1) % APIS.length] ?? '';
        const at = Date.now();
        const answer = await once(path, webhook, api);
        posts.push({ at, what, api, ...answer });
        if (isAcknowledged(answer)) return { posts, acknowledged: true };
        if (!isRetried(answer)) return { posts, acknowledged: false };
        await clock.wait(Math.min(retryWaitMs(answer, nth, RULES), LONGEST_WAIT_MS));
      }
    },

    async sendOnce(what: string, webhook: SignedWebhook, first: number): Promise<Post> {
      const api = APIS[first] ?? '';
      const at = Date.now();
      return { at, what, api, ...(await once('webhook', webhook, api)) };
    },
  };
}
