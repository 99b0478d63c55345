import type { ColumnName } from './column';

/** Far above what two cores can send: the way of a limit, without its waits. */
const NEVER_REACHED = '100000';

/** What a worker of this column is told of the relay's limit. */
export function rateLimitOf(name: ColumnName): Record<string, string> {
  return name.endsWith('rate limit') ? { SMTP_MAX_PER_SECOND: NEVER_REACHED } : {};
}
