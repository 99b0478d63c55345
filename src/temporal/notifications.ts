import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { BulkUploadEvent } from '../../workflows/core/event';
import type { Outcome } from '../../workflows/core/outcome';
import {
  type NotificationStatus,
  resendSignal,
  type ResendSignal,
  statusQuery,
  WORKFLOW_TYPE,
} from '../../workflows/notification/messages';
import { reportedOutcome, trusted } from '../../workflows/core/event';
import { searchAttributes } from '../../workflows/core/search-attributes';
import { resendStartOptions, startOptions } from '../../workflows/notification/start-options';
import { workflowId } from '../../workflows/core/workflow-id';
import { inTime } from './in-time';

export type Notifications = ReturnType<typeof createNotifications>;

interface NotificationsOptions {
  client: Client;
  taskQueue: string;
  /** How long a settled run stays open for `resend`. */
  resendWindowMs: number;
}

/** A person or a program waits for it. */
const RESEND_TIMEOUT_MS = 10_000;
const POLL_INTERVAL = 100;

/** The notifications as Temporal keeps them. Every call rejects when Temporal cannot be reached. */
export function createNotifications({ client, taskQueue, resendWindowMs }: NotificationsOptions) {
  /** Starts the run that sends the mail of this event, once for each task and outcome. */
  async function start(reported: BulkUploadEvent) {
    const outcome = reportedOutcome(reported.stats) ?? 'completed';
    const event = trusted(reported);
    const id = workflowId(event.taskId, outcome);
    try {
      const handle = await inTime(client, () =>
        client.workflow.start(WORKFLOW_TYPE, {
          workflowId: id,
          taskQueue,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          ...startOptions(event, outcome, { resendWindowMs }),
        }),
      );
      const runId = handle.firstExecutionRunId;
      return { workflowId: id, runId, outcome, duplicate: false };
    } catch (err) {
      if (err instanceof WorkflowExecutionAlreadyStartedError) {
        return { workflowId: id, runId: undefined, outcome, duplicate: true };
      }
      throw err;
    }
  }

  /**
   * Asks for the notification (again), whether its run is open, closed or long forgotten: an open
   * run gets the signal, else a new one under the same ID is started for it.
   */
  async function resend(taskId: string, outcome: Outcome, signal: ResendSignal): Promise<string> {
    const id = workflowId(taskId, outcome);
    await client.withDeadline(Date.now() + RESEND_TIMEOUT_MS, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPE, {
        workflowId: id,
        taskQueue,
        signal: resendSignal,
        signalArgs: [signal],
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        ...resendStartOptions(taskId, outcome, signal, { resendWindowMs }),
      }),
    );
    return id;
  }

  /**
   * The settled status, of the run it was handed over to if it was; undefined when time is up or
   * its client has left.
   */
  async function waitUntilSettled(
    id: string,
    milliseconds: number,
    isAwaited: () => boolean,
  ): Promise<NotificationStatus | undefined> {
    const deadline = Date.now() + milliseconds;
    let current = id;
    while (Date.now() < deadline && isAwaited()) {
      const status = await settledStatus(current, deadline);
      if (status?.handedOverTo) current = status.handedOverTo;
      else if (status && status.state !== 'waiting') return status;
      else await delay(Math.min(POLL_INTERVAL, Math.max(deadline - Date.now(), 0)));
    }
    return undefined;
  }

  /**
   * Undefined while it waits, and while Temporal or the worker does not answer. The run is asked when
   * it shows that it has settled: a query before that would divide the workflow task of its first try.
   */
  async function settledStatus(
    id: string,
    deadline: number,
  ): Promise<NotificationStatus | undefined> {
    const handle = client.workflow.getHandle(id);
    try {
      return await client.withDeadline(deadline, async () => {
        const { status, typedSearchAttributes: shown } = await handle.describe();
        const shownState = shown.get(searchAttributes.state) ?? 'waiting';
        const waits = status.name === 'RUNNING' && shownState === 'waiting';
        return waits ? undefined : handle.query(statusQuery);
      });
    } catch {
      return undefined;
    }
  }

  return { start, resend, waitUntilSettled };
}
