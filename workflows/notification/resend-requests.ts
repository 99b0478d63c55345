import { condition, log, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ResendRequest } from '../../activities/ledger';
import { fieldsOf } from './input';
import { resendSignal } from './messages';

/** More requests are refused until these are answered: each costs the history and the relay. */
const UNANSWERED_MAX = 20;

const INPUT_MAX_CHARS = 2_000;
const TEXT_MAX_CHARS = 500;

/** What the UI calls the timer. */
const WINDOW = { summary: 'open for the signal resend' };

export type ResendRequests = ReturnType<typeof createResendRequests>;

/** The `resend` signals of this run, each request once, in the order in which they came. */
export function createResendRequests() {
  const seen = new Set<string>();
  const pending: ResendRequest[] = [];
  let unanswered = 0;
  let unnamed = 0;
  let onArrival: (() => void) | undefined;

  setHandler(resendSignal, (signal) => {
    const { requestId = unnamedId(), ...request } = readRequest(signal);
    if (seen.has(requestId)) return;
    if (unanswered >= UNANSWERED_MAX) {
      log.warn('bulk_upload_notification.resend_refused', { unanswered });
      return;
    }
    seen.add(requestId);
    unanswered += 1;
    pending.push({ requestId, ...request });
    onArrival?.();
  });

  /**
   * A reset repeats the signals in their order and keeps the first run's ID, so that a request
   * without an ID of its own is still the same one, and is not answered again.
   */
  function unnamedId(): string {
    unnamed += 1;
    return `unnamed:${workflowInfo().firstExecutionRunId}:${unnamed}`;
  }

  return {
    arePending: (): boolean => pending.length > 0,
    /** The listener is called with each request that arrives from now on. */
    onArrival: (listener: (() => void) | undefined): void => void (onArrival = listener),
    /** Resolves when a request is pending, or when the time is up. */
    arrival: (timeoutMs: number) => condition(() => pending.length > 0, timeoutMs, WINDOW),
    /** The oldest of the pending requests. */
    take(): ResendRequest {
      const request = pending.shift();
      if (!request) throw new Error('no request is pending');
      return request;
    },
    /** The requests that were taken are answered; those that are pending are not. */
    answered: (): void => void (unanswered = pending.length),
  };
}

/** What an operator typed, reduced to what the ledger can hold. */
function readRequest(signal: unknown): Partial<ResendRequest> {
  const { requestId, requestedBy, reason, unlessSent } = fieldsOf(signal);
  return {
    requestId: toText(requestId),
    requestedBy: toText(requestedBy),
    reason: toText(reason),
    ...(isSaid(unlessSent) && { unlessSent: true }),
  };
}

/** Whatever was typed in place of `true` was meant to prevent a second mail. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** Undefined for what is no text, or has none. */
export function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    value
      .slice(0, INPUT_MAX_CHARS)
      .replace(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, TEXT_MAX_CHARS) || undefined
  );
}
