import { retrySchedule } from '../../workflows/core/retry-schedule';

const { delayMinMs, delayMaxMs, jitterRatio } = retrySchedule.uploadCheck;

interface CheckCircumstances {
  /** From 1. */
  attempt: number;
  /** What the provider asks for, a minimum; 0: nothing. */
  retryAfterMs: number;
}

/** Milliseconds until an upload is checked again: what takes long takes longer, so this doubles. */
export function checkDelay(
  { attempt, retryAfterMs }: CheckCircumstances,
  random = Math.random(),
): number {
  const doubledMs = Math.min(delayMinMs * 2 ** (attempt - 1), delayMaxMs);
  const aroundMs = doubledMs * (1 + jitterRatio * (2 * random - 1));
  return Math.round(Math.max(aroundMs, retryAfterMs * (1 + jitterRatio * random)));
}
