import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { describeStepFailure } from '../../workflows/core/step-failure';
import { BULK_TYPE } from '../../workflows/bulk-resend/messages';
import type { BulkRequest } from '../../workflows/core/bulk-request';
import type { BulkRun, BulkRuns } from '../operator/bulk-runs';
import { type DescribedRun, describeRun, readStart } from './describe-run';
import { inTime } from './in-time';

interface BulkRunsOptions {
  client: Client;
  taskQueue: string;
  /** Of the runs that are started for resends. */
  resendWindowMs: number;
}

/** The runs of bulk resends. Every call rejects when Temporal cannot be reached. */
export function createBulkRuns({ client, taskQueue, resendWindowMs }: BulkRunsOptions): BulkRuns {
  return {
    /** One that was cancelled, terminated or has failed is started again, and goes on. */
    async start(bulkId, request) {
      const input: BulkRequest = { ...request, resendWindowMs };
      try {
        await inTime(client, () =>
          client.workflow.start(BULK_TYPE, {
            workflowId: bulkId,
            taskQueue,
            args: [input],
            workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
            staticSummary: 'Resends the mails that a filter matches',
          }),
        );
        return true;
      } catch (err) {
        if (err instanceof WorkflowExecutionAlreadyStartedError) return false;
        throw err;
      }
    },

    readSelection: (bulkId) =>
      describeRun(client, bulkId, async ({ description }) => {
        const { args } = await readStart(client, description);
        return args[0] as BulkRequest;
      }),

    async describe(bulkId) {
      const run = await describeRun(client, bulkId, readRun);
      const failure = run?.pending.find((step) => step.failure)?.failure;
      return (
        run && {
          ...{ runId: run.runId, status: statusOf(run.statusName) },
          ...(failure && { failure: describeStepFailure(failure) }),
        }
      );
    },

    /** Temporal accepts the cancellation of a closed run, too, so its status is asked for. */
    async cancel(bulkId) {
      const run = await describeRun(client, bulkId, readRun);
      const status = run && statusOf(run.statusName);
      if (status !== 'open') return status === 'cancelled';
      try {
        await inTime(client, () => client.workflow.getHandle(bulkId).cancel());
        return true;
      } catch (err) {
        if (err instanceof WorkflowNotFoundError) return false;
        throw err;
      }
    },
  };
}

function statusOf(name: string): BulkRun['status'] {
  switch (name) {
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
      return 'open';
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return 'failed';
  }
}

const readRun = ({ run }: DescribedRun) => Promise.resolve(run);
