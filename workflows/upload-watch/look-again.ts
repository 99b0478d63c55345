import type { DueUpload, Finding } from '../../activities/types';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FIRST_DISTANCE = 5 * MINUTE;
const LONGEST_DISTANCE = 4 * HOUR;
const MISSING_PATIENCE = DAY;
const WAITING_PATIENCE = 30 * DAY;

/** What it means that the provider has not finished an upload, or does not know it: `unknown` in the end. */
export function foundOpen(
  status: 'waiting' | 'missing',
  { ageMs, missingMs = 0 }: DueUpload,
): Finding {
  const isOver = status === 'missing' ? missingMs >= MISSING_PATIENCE : ageMs >= WAITING_PATIENCE;
  return isOver ? 'unknown' : status;
}

/**
 * Milliseconds until the next look: longer with each answer, since what takes long takes longer. What
 * was not answered stays due, behind all that waits. Undefined for what is settled.
 */
export function lookAgainAfter(finding: Finding, looks: number): number | undefined {
  switch (finding) {
    case 'waiting':
    case 'missing':
      return Math.min(FIRST_DISTANCE * 2 ** looks, LONGEST_DISTANCE);
    case 'unanswered':
      return 0;
    default:
      return undefined;
  }
}
