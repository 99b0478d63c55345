/** Temporal's scale: 1 goes first, 5 last. */
const NORMAL = 3;
const BULK = 5;

/**
 * Where tasks wait, those of a bulk resend come after all others, and users take turns. A server
 * orders by it from 1.31 on (before, with `matching.useNewMatcher`), and lets users take turns with
 * `matching.enableFairness`; otherwise tasks come in the order in which they were added.
 */
export function priorityOf({ userId, isBulk }: { userId?: string; isBulk: boolean }) {
  return { priorityKey: isBulk ? BULK : NORMAL, ...(userId && { fairnessKey: userId }) };
}
