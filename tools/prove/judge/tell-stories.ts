import type { Client } from '@temporalio/client';
import { readHistory } from './read-history';
import { story, type StorySources } from './story';
import type { Violation } from './violation';

/** Beyond this many, one more tells nothing new. */
const MOST = 10;

/** The story of each task of which a promise was broken. */
export async function tellStories(
  client: Client,
  violations: Violation[],
  sources: Omit<StorySources, 'history'>,
): Promise<Record<string, string[]>> {
  const stories: Record<string, string[]> = {};
  for (const taskId of [...new Set(violations.map((it) => it.taskId))].slice(0, MOST)) {
    const history = await readHistory(client, taskId);
    stories[taskId] = story(taskId, { ...sources, history });
  }
  return stories;
}
