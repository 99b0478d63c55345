import { Client, isGrpcServiceError } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { ResendRequester } from '../../activities/bulk-resend/bulks';
import { transient } from '../../activities/failures/transient';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import type { TemporalConfig } from '../config/read-temporal';
import { createNotifications } from './notifications';

/** The gRPC status by which Temporal refuses one request, whatever it answers to others. */
const INVALID_ARGUMENT = 3;

interface RequesterOptions {
  /** A worker's own, which a client may use as well. */
  connection: NativeConnection;
  temporal: Pick<TemporalConfig, 'namespace' | 'taskQueue'>;
}

/** Requests resends from within a worker. */
export function createResendRequester(options: RequesterOptions): ResendRequester {
  const { connection, temporal } = options;
  const { taskQueue, namespace } = temporal;
  const client = new Client({ connection, namespace });

  return {
    async request({ eventId, resendWindowMs, ...signal }) {
      const event = parseWorkflowId(eventId);
      if (!event) return 'failed';
      const notifications = createNotifications({ client, taskQueue, resendWindowMs });
      try {
        await notifications.resend(event.taskId, event.outcome, signal);
        return 'requested';
      } catch (err) {
        const code = codeOf(err);
        if (code === INVALID_ARGUMENT) return 'failed';
        throw transient('TemporalUnavailable', `Temporal took no request (gRPC ${code ?? '?'})`);
      }
    },
  };
}

/** The client wraps what the connection threw. */
function codeOf(err: unknown): number | undefined {
  const { cause } = Object(err) as Error;
  const failure = [err, cause].find(isGrpcServiceError);
  return failure?.code;
}
