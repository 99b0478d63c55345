import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../../workflows/core/outcome';
import type { ResendSignal } from '../../workflows/notification/messages';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import type { LedgerReader, RecordedNotification } from './ledger-reader';

const REQUEST_ID_MAX_BYTES = 64;
const POLL_INTERVAL_MS = 250;

/** What a request came to. `waiting`: nothing was settled in time; it goes on. */
export interface ResendResult {
  result: 'sent' | 'parked' | 'already_sent' | 'waiting';
  sentence: string;
}

interface ResendDependencies {
  notifications: {
    resend(taskId: string, outcome: Outcome, signal: ResendSignal): Promise<string>;
  };
  ledger: Pick<LedgerReader, 'read'>;
}

export type Resends = ReturnType<typeof createResends>;

/** Requests to send a mail (again): the run answers them, and the ledger records what came of it. */
export function createResends({ notifications, ledger }: ResendDependencies) {
  /** Under the request ID that is given, or a new one. Rejects when Temporal cannot be reached. */
  async function request(
    eventId: string,
    { requestId = randomUUID(), ...signal }: ResendSignal,
  ): Promise<{ eventId: string; requestId: string }> {
    const notification = parseWorkflowId(eventId);
    if (!notification) throw new Error('not the ID of a notification');
    const { taskId, outcome } = notification;
    await notifications.resend(taskId, outcome, { requestId, ...signal });
    return { eventId, requestId };
  }

  /** What became of a request, as soon as the ledger has it settled. */
  async function waitFor(
    eventId: string,
    requestId: string,
    timeoutMs: number,
  ): Promise<ResendResult> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const recorded = await ledger.read(eventId);
      const result = recorded && resultOf(recorded, requestId);
      if (result) return result;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return unsettled(recorded, requestId);
      await delay(Math.min(POLL_INTERVAL_MS, leftMs));
    }
  }

  return { request, waitFor };
}

/** An ID that the ledger keeps as it is, so that the request is found by it. */
export function isRequestId(text: string): boolean {
  const fits = Buffer.byteLength(text) <= REQUEST_ID_MAX_BYTES;
  return text !== '' && fits && text === text.trim() && !/\p{C}/u.test(text);
}

const findRequest = ({ resends }: RecordedNotification, id: string) =>
  resends.find(({ requestId }) => requestId === id);

/** Undefined while the request is not settled. */
function resultOf(recorded: RecordedNotification, requestId: string): ResendResult | undefined {
  const found = findRequest(recorded, requestId);
  if (found?.result === 'sent') {
    return { result: 'sent', sentence: 'Sent: the relay accepted the email.' };
  }
  if (found?.result === 'parked') {
    const { reason } = recorded.notification;
    return { result: 'parked', sentence: `Parked: ${reason}.` };
  }
  return undefined;
}

function unsettled(recorded: RecordedNotification | undefined, requestId: string): ResendResult {
  const isRecorded = recorded !== undefined && findRequest(recorded, requestId) !== undefined;
  return {
    result: 'waiting',
    sentence: isRecorded
      ? 'Not settled yet: the request is recorded, and the email is still being tried.'
      : 'Not settled yet: no worker has taken the request, which is kept until one does.',
  };
}
