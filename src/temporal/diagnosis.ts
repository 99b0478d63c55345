import { type Client, isGrpcServiceError } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { maskAddresses } from '../../workflows/core/mask-addresses';
import { fetchRetentionMs } from './retention';

/** Of Temporal's own enum of task queue types. */
const ACTIVITY = 2;

const POLL_MS = 400;
/** The server refuses a poll with a shorter deadline. */
const POLL_DEADLINE_MS = 3_000;

export interface TemporalFault {
  /** The name of the gRPC status, such as UNAVAILABLE. */
  status: string;
  /** Without an address and cut, since it is the server's or the network's own text. */
  message: string;
}

const STATUSES: Record<number, string | undefined> = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  12: 'UNIMPLEMENTED',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

export function temporalFaultOf(err: unknown): TemporalFault | undefined {
  if (!isGrpcServiceError(err)) return undefined;
  const status = STATUSES[err.code] ?? `gRPC ${err.code}`;
  return { status, message: maskAddresses(err.details).slice(0, 200) };
}

/** Reads only, for an operator. Every call rejects like the client's own. */
export function createDiagnosis(client: Client) {
  const { namespace } = client.options;
  const service = client.workflowService;

  async function fetchServerVersion(): Promise<string> {
    const { serverVersion } = await service.getSystemInfo({});
    return serverVersion ?? 'unknown';
  }

  /**
   * The server's time minus ours: polls a queue that has no tasks and reads when the server says
   * that it did. Undefined if the server does not say so.
   */
  async function measureClock(taskQueue: string): Promise<number | undefined> {
    const identity = `doctor-${process.pid}`;
    const begun = Date.now();
    const poll = () =>
      service.pollActivityTaskQueue({ namespace, taskQueue: { name: taskQueue }, identity });
    await client
      .withDeadline(begun + POLL_DEADLINE_MS, () =>
        client.withAbortSignal(AbortSignal.timeout(POLL_MS), poll),
      )
      .catch(() => undefined);
    const { pollers } = await service.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: ACTIVITY,
    });
    const { lastAccessTime } = pollers?.find((poller) => poller.identity === identity) ?? {};
    if (!lastAccessTime) return undefined;
    // The poll began at the server somewhen between our call and our limit.
    const ahead = tsToMs(lastAccessTime) - begun;
    return ahead >= 0 && ahead <= POLL_MS ? 0 : ahead;
  }

  return { fetchRetentionMs: () => fetchRetentionMs(client), fetchServerVersion, measureClock };
}

export type Diagnosis = ReturnType<typeof createDiagnosis>;
