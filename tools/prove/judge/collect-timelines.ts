import type { Client } from '@temporalio/client';
import { readHistory } from './read-history';
import { timelineOf, type TimelineSources } from './timeline';
import type { Violation } from './violation';

const TIMELINES_MAX = 10;

/** The timelines of the first tasks with a violation: a few are enough to find a bug. */
export async function collectTimelines(
  client: Client,
  violations: Violation[],
  sources: Omit<TimelineSources, 'history'>,
): Promise<Record<string, string[]>> {
  const timelines: Record<string, string[]> = {};
  for (const taskId of [...new Set(violations.map((it) => it.taskId))].slice(0, TIMELINES_MAX)) {
    const history = await readHistory(client, taskId);
    timelines[taskId] = timelineOf(taskId, { ...sources, history });
  }
  return timelines;
}
