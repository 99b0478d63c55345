import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { UploadWatchResult } from '../../activities/upload-watch/check-upload';
import {
  type ListedRuns,
  type NotificationRun,
  type NotificationRuns,
  RUNS_LISTED_MAX,
  type WatchRun,
} from '../operator/notification-runs';
import type { Reason } from '../../workflows/core/reasons';
import { searchAttributes } from '../../workflows/core/search-attributes';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import {
  type NotificationOptions,
  type NotificationState,
  type NotificationStatus,
  statusQuery,
} from '../../workflows/notification/messages';
import { WATCH_TYPE, type WatchedUpload } from '../../workflows/upload-watch/messages';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { type DescribedRun, describeRun, readStart, resultOf, statusOf } from './describe-run';
import { inTime } from './in-time';
import { fetchRetentionMs } from './retention';

/** Without a worker, nothing answers a query. */
const QUERY_TIMEOUT_MS = 1_000;
const QUERYABLE_ID = /^[\w.:@-]{1,64}$/;

/** Few calls, and one to the visibility store, whose rate all of a namespace share. */
export function createNotificationRuns({ client }: { client: Client }): NotificationRuns {
  return {
    describe: (eventId) =>
      describeRun(client, eventId, (described) => readNotificationRun(client, described)),

    describeWatch: (taskId) =>
      describeRun(client, watchId(taskId), (described) => readWatchRun(client, described)),

    readRetentionMs: () => inTime(client, () => fetchRetentionMs(client)).catch(() => undefined),

    async findByUser(userId) {
      const listed: ListedRuns = { runs: [], watchedTaskIds: [], isCut: false };
      // Another ID would need quoting, and none of the provider's does.
      if (!QUERYABLE_ID.test(userId)) return listed;
      const query = `UserId = "${userId}"`;
      await inTime(client, async () => {
        let left = RUNS_LISTED_MAX;
        for await (const found of client.workflow.list({ query, pageSize: RUNS_LISTED_MAX + 1 })) {
          listed.isCut = left === 0;
          if (listed.isCut) break;
          left -= 1;
          addFound(listed, found);
        }
      });
      return listed;
    },
  };
}

async function readNotificationRun(
  client: Client,
  described: DescribedRun,
): Promise<NotificationRun> {
  const [{ args }, shown] = await Promise.all([
    readStart(client, described.description),
    readStatus(client, described),
  ]);
  const [event, options] = args as [{ isVerified?: boolean }?, NotificationOptions?];
  const startedBy = starterOf(described, event?.isVerified === undefined);
  const { resendWindowMs = 0 } = options ?? {};
  return { ...described.run, startedBy, resendWindowMs, shown };
}

async function readWatchRun(client: Client, { run, description }: DescribedRun): Promise<WatchRun> {
  const [{ args, timerFiresAt: overdueAt }, result] = await Promise.all([
    readStart(client, description),
    resultOf(client, description) as Promise<UploadWatchResult | undefined>,
  ]);
  const { userId } = (args[0] ?? {}) as Partial<WatchedUpload>;
  return { ...run, userId, overdueAt, result };
}

function addFound({ runs, watchedTaskIds }: ListedRuns, found: WorkflowExecutionInfo): void {
  const { workflowId: eventId, startTime, type, typedSearchAttributes: attributes } = found;
  const { name } = found.status;
  const status = statusOf(name);
  if (parseWorkflowId(eventId)) {
    // A completed run without the attribute has sent its mail.
    const otherwise = name === 'COMPLETED' ? 'sent' : 'waiting';
    const state = (attributes.get(searchAttributes.state) ?? otherwise) as NotificationState;
    runs.push({ eventId, startedAt: startTime.toISOString(), status, state });
  } else if (type === WATCH_TYPE && status === 'open') {
    watchedTaskIds.push(eventId.slice(watchId('').length));
  }
}

function starterOf(
  { description: { parentExecution } }: DescribedRun,
  isForSignal: boolean,
): NotificationRun['startedBy'] {
  if (isForSignal) return 'resend';
  const { workflowId } = parentExecution ?? {};
  if (!workflowId) return 'webhook';
  return parseWorkflowId(workflowId) ? 'hand_over' : 'watch';
}

/** Search attributes at least; more from the result of a closed run, or from the worker of an open one. */
async function readStatus(
  client: Client,
  { run, description }: DescribedRun,
): Promise<Partial<NotificationStatus>> {
  const { typedSearchAttributes: attributes } = description;
  const state = attributes.get(searchAttributes.state) as NotificationState | undefined;
  const reason = attributes.get(searchAttributes.parkReason) as Reason | undefined;
  const userId = attributes.get(searchAttributes.userId) ?? undefined;
  const shown = { state, reason, userId };
  if (run.status === 'closed') {
    const result = (await resultOf(client, description)) as NotificationStatus | undefined;
    return { ...shown, ...result };
  }
  // A query before that would divide the workflow task of the first try.
  const isSettled = state !== undefined && state !== 'waiting';
  if (run.pending.length === 0 && !isSettled) return shown;
  const handle = client.workflow.getHandle(description.workflowId, run.runId);
  return client
    .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => handle.query(statusQuery))
    .catch(() => shown);
}
