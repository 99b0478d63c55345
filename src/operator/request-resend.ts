import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../../workflows/core/outcome';
import type { ResendSignal } from '../../workflows/notification/messages';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { reasons } from '../../workflows/core/reasons';
import type { Logger } from '../telemetry/logger';
import type { LedgerReader, NotificationRow, RecordedNotification, Resend } from './ledger-reader';

const REQUEST_ID_MAX_BYTES = 64;
const POLL_INTERVAL_MS = 250;

const ALREADY_SENT = 'It was sent before, so the request did nothing.';
const STILL_TRIED = 'Not settled yet: the request is recorded, and the email is still being tried.';
const NOT_TAKEN = 'Not settled yet: no worker has taken the request, which is kept until one does.';
const UNREADABLE = 'What came of it cannot be read now.';

/** What a request came to. `waiting`: it goes on, as far as is known. */
export interface ResendResult {
  result: 'sent' | 'parked' | 'already_sent' | 'waiting';
  sentence: string;
}

interface Notifications {
  resend(taskId: string, outcome: Outcome, signal: ResendSignal): Promise<string>;
}

interface ResendDependencies {
  notifications: Notifications;
  ledger: Pick<LedgerReader, 'read'>;
  logger: Pick<Logger, 'error'>;
}

export type Resends = ReturnType<typeof createResends>;

/** Under another request ID, a repetition of it would be another request: one more mail. */
export class ResendUnconfirmed extends Error {
  override readonly name = 'ResendUnconfirmed';

  constructor(
    readonly requestId: string,
    cause: unknown,
  ) {
    super(`Temporal did not confirm request ${requestId}, which may have been taken`, { cause });
  }
}

/**
 * Asks for an email (again), under the request ID that is given, or a new one. Rejects with
 * `ResendUnconfirmed` when Temporal does not answer.
 */
export async function requestResend(
  notifications: Notifications,
  eventId: string,
  { requestId = randomUUID(), ...signal }: ResendSignal,
): Promise<{ eventId: string; requestId: string }> {
  const notification = parseWorkflowId(eventId);
  if (!notification) throw new Error('not the ID of a notification');
  const { taskId, outcome } = notification;
  try {
    await notifications.resend(taskId, outcome, { requestId, ...signal });
  } catch (err) {
    throw new ResendUnconfirmed(requestId, err);
  }
  return { eventId, requestId };
}

/** Requests to send an email (again): the run answers them, and the ledger records what came of it. */
export function createResends({ notifications, ledger, logger }: ResendDependencies) {
  async function request(eventId: string, signal: ResendSignal) {
    try {
      return await requestResend(notifications, eventId, signal);
    } catch (err) {
      logger.error({ err, event_id: eventId }, 'admin.resend_unconfirmed');
      throw err;
    }
  }

  /**
   * What became of a request, as soon as the ledger has it settled. `unlessSent`: the request excepts
   * what was sent, so that the ledger does not record it then.
   */
  async function waitFor(
    eventId: string,
    ...request: [requestId: string, timeoutMs: number, options?: { unlessSent?: boolean }]
  ): Promise<ResendResult> {
    try {
      return await untilSettled(eventId, ...request);
    } catch (err) {
      logger.error({ err, event_id: eventId }, 'admin.resend_result_unknown');
      return { result: 'waiting', sentence: UNREADABLE };
    }
  }

  async function untilSettled(
    eventId: string,
    requestId: string,
    timeoutMs: number,
    { unlessSent = false } = {},
  ): Promise<ResendResult> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const recorded = await ledger.read(eventId);
      const found = recorded?.resends.find((resend) => resend.requestId === requestId);
      const result =
        recorded && (found ? settled(recorded, found) : unlessSent && declined(recorded));
      if (result) return result;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return { result: 'waiting', sentence: found ? STILL_TRIED : NOT_TAKEN };
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

/** Undefined while the request is not settled. */
function settled({ notification }: RecordedNotification, { result }: Resend) {
  switch (result) {
    case 'sent':
      return { result, sentence: 'The email was handed to the relay.' };
    case 'parked':
      return { result, sentence: parked(notification) };
    case 'waiting':
      return undefined;
  }
}

/** How a request that excepts what was sent finds the notification, if it does nothing. */
function declined({ notification }: RecordedNotification): ResendResult | undefined {
  if (notification.reason === 'uncertain')
    return { result: 'parked', sentence: parked(notification) };
  return notification.sentCount > 0
    ? { result: 'already_sent', sentence: ALREADY_SENT }
    : undefined;
}

function parked({ reason }: NotificationRow): string {
  const remedy = reason && reasons[reason].remedy;
  return [`Parked: ${reason}.`, ...(remedy ? [remedy] : [])].join(' ');
}
