const MINUTE_MS = 60_000;
const FIRST_DELAY_MS = 5 * MINUTE_MS;
const DELAY_MAX_MS = 60 * MINUTE_MS;

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
  const doubled = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), DELAY_MAX_MS);
  return Math.round(Math.max(doubled * (0.8 + 0.4 * random), retryAfterMs * (1 + 0.2 * random)));
}
