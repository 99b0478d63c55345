import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow';
import { optionalTsToDate, tsToMs } from '@temporalio/common/lib/time';
import type { PendingStep, Run } from '../operator/notification-runs';
import { stepFailureOf } from '../../workflows/core/step-failure';
import { grpcCodeOf, NOT_FOUND } from './grpc-code';
import { inTime } from './in-time';

/** As many hold the start of a run and the first timer of a watch. */
const FIRST_EVENTS = 10;
/** Of Temporal's own enum. */
const STARTED = 2;

type RawDescription = WorkflowExecutionDescription['raw'];
type PendingActivity = NonNullable<RawDescription['pendingActivities']>[number];

export interface DescribedRun {
  run: Run;
  description: WorkflowExecutionDescription;
}

/** The latest run under an ID, with what `read` adds to it; undefined: Temporal has none (any more). */
export async function describeRun<T>(
  client: Client,
  workflowId: string,
  read: (described: DescribedRun) => Promise<T>,
): Promise<T | undefined> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const description = await inTime(client, () => handle.describe());
    return await read({ run: await toRun(client, description), description });
  } catch (err) {
    // Also between two calls: a run may be deleted at any time.
    if (err instanceof WorkflowNotFoundError) return undefined;
    if (grpcCodeOf(err) === NOT_FOUND) return undefined;
    throw err;
  }
}

/** What a run was started with, and when its first timer fires. */
export async function readStart(client: Client, { workflowId, runId }: RunId) {
  const { history } = await inTime(client, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: FIRST_EVENTS,
    }),
  );
  const events = history?.events ?? [];
  const { input } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
  const timer = events.find((event) => event.timerStartedEventAttributes);
  const timeout = timer?.timerStartedEventAttributes?.startToFireTimeout;
  return {
    args: await decodeArrayFromPayloads(client.options.loadedDataConverter, input?.payloads),
    timerFiresAt: timer && iso(new Date(tsToMs(timer.eventTime) + tsToMs(timeout))),
  };
}

type RunId = Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>;

/** The result of a run that ended well. */
export async function resultOf(
  client: Client,
  { workflowId, runId, status }: WorkflowExecutionDescription,
): Promise<unknown> {
  if (status.name !== 'COMPLETED') return undefined;
  const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
  return inTime(client, () => handle.result());
}

async function toRun(client: Client, description: WorkflowExecutionDescription): Promise<Run> {
  const { runId, status, startTime, closeTime, raw } = description;
  const { pendingActivities, pendingWorkflowTask: task } = raw;
  const untaken =
    task && Number(task.state) !== STARTED ? optionalTsToDate(task.scheduledTime) : undefined;
  const pending = (pendingActivities ?? []).map((activity) => toStep(client, activity));
  return {
    ...{ runId, statusName: status.name, startedAt: iso(startTime) },
    status: statusOf(status.name),
    ...(closeTime && { closedAt: iso(closeTime) }),
    pending: await Promise.all(pending),
    ...(untaken && { untakenSince: iso(untaken) }),
  };
}

/** A paused run goes on once it is resumed. */
export const statusOf = (name: string): Run['status'] =>
  name === 'RUNNING' || name === 'PAUSED' ? 'open' : 'closed';

async function toStep(client: Client, activity: PendingActivity): Promise<PendingStep> {
  const { loadedDataConverter } = client.options;
  const { lastFailure, activityType, attempt, state } = activity;
  const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, lastFailure);
  const scheduledAt = optionalTsToDate(activity.scheduledTime);
  const nextAttemptAt = optionalTsToDate(activity.nextAttemptScheduleTime);
  return {
    ...{
      activity: activityType?.name ?? '',
      attempt: attempt ?? 1,
      isRunning: Number(state) === STARTED,
    },
    ...(scheduledAt && { scheduledAt: iso(scheduledAt) }),
    ...(nextAttemptAt && { nextAttemptAt: iso(nextAttemptAt) }),
    ...(failure && { failure: stepFailureOf(failure) }),
  };
}

const iso = (date: Date): string => date.toISOString();
