import type { WebhookAnswer } from './post-webhook';

export interface RetryRules {
  /** How often a webhook is sent before the provider gives up. */
  attempts: number;
  /** The wait before the second attempt; it doubles with each further one. */
  backoffMs: number;
}

const RETRIED = new Set<WebhookAnswer['answer']>([
  'timeout',
  'connection_error',
  429,
  502,
  503,
  504,
]);
/** As long as a timer can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const isAcknowledged = ({ answer }: WebhookAnswer) =>
  typeof answer === 'number' && answer >= 200 && answer < 300;

/** Any other answer, a 500 and a 400 too, is the last word. */
export const isRetried = ({ answer }: WebhookAnswer) => RETRIED.has(answer);

/** How long to wait after the nth attempt: as Retry-After asks, else the backoff. */
export function retryWaitMs(answer: WebhookAnswer, nth: number, { backoffMs }: RetryRules): number {
  const asked = 'retryAfter' in answer ? retryAfterMs(answer.retryAfter) : undefined;
  return Math.min(asked ?? backoffMs * 2 ** (nth - 1), TIMER_MAX_MS);
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header = ''): number | undefined {
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
