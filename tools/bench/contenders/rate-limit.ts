import type { ContenderName } from './contender';

/** Far above what two cores can send: the code path of a limit without its delays. */
const NEVER_REACHED = '100000';

/** The rate limit variable of this contender's worker. */
export function rateLimitOf(name: ContenderName): Record<string, string> {
  return name.endsWith('rate limit') ? { SMTP_MAX_PER_SECOND: NEVER_REACHED } : {};
}
