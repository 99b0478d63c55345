import { type Client, isGrpcServiceError } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { maskAddresses } from '../../workflows/core/mask-addresses';
import { fetchRetentionMs } from './retention';

/** Of Temporal's own enum of task queue types. */
const ACTIVITY = 2;

/** The server may have to load the queue first. It refuses a poll with a deadline below 2 s. */
const POLL_TIMEOUT_MS = 4_000;
const LOOK_AGAIN_MS = 50;

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
   * The server's time minus ours: polls a queue that has no tasks until the server says when it was
   * polled. Undefined if the server does not say so.
   */
  async function measureClock(taskQueue: string): Promise<number | undefined> {
    const queue = { namespace, taskQueue: { name: taskQueue } };
    // Of this call alone: the server remembers pollers for minutes, and in a container each has PID 1.
    const identity = `doctor-${randomUUID()}`;
    const seen = new AbortController();
    const begun = Date.now();
    let isOver = false;
    const poll = () => service.pollActivityTaskQueue({ ...queue, identity });
    const polled = client
      .withDeadline(begun + POLL_TIMEOUT_MS, () => client.withAbortSignal(seen.signal, poll))
      .catch(() => undefined)
      .finally(() => (isOver = true));
    try {
      for (;;) {
        const isLastLook = isOver;
        const { pollers } = await service.describeTaskQueue({ ...queue, taskQueueType: ACTIVITY });
        const { lastAccessTime } = pollers?.find((poller) => poller.identity === identity) ?? {};
        if (lastAccessTime) return distance(tsToMs(lastAccessTime), begun, Date.now());
        if (isLastLook) return undefined;
        await Promise.race([polled, delay(LOOK_AGAIN_MS)]);
      }
    } finally {
      seen.abort();
      await polled;
    }
  }

  return { fetchRetentionMs: () => fetchRetentionMs(client), fetchServerVersion, measureClock };
}

/** How far a time lies after the last moment, or before the first: then it is negative. */
function distance(time: number, first: number, last: number): number {
  if (time > last) return time - last;
  return Math.min(time - first, 0);
}

export type Diagnosis = ReturnType<typeof createDiagnosis>;
