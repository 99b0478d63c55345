import { watchResults } from '../../workflows/upload-watch/watch-details';
import { describeWait } from './describe-wait';
import type { WatchRun } from './notification-runs';
import { utc } from './utc';

/** What the watch of an upload waits for, or how it ended. */
export function describeWatch(watch: WatchRun, now: Date): string {
  if (watch.result) return `${watchResults[watch.result]}.`;
  if (watch.status === 'closed') return `The watch has ended as ${watch.statusName}.`;
  const wait = describeWait(watch, now);
  if (wait) return `The upload is watched, and its webhook is overdue: ${wait.text}.`;
  const until = watch.overdueAt ? ` until ${utc(watch.overdueAt)}` : '';
  return `The upload is watched: its webhook is awaited${until}, then the provider is asked.`;
}
