import { condition, log, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ResendRequest } from '../../activities/ledger';
import { fieldsOf } from './input';
import { resendSignal } from './messages';

/** More than so many are refused until those are answered: each costs the history and the relay. */
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
    count: (): number => pending.length,
    /** Who is told of the next ones as they come. */
    onArrival: (listener: (() => void) | undefined): void => void (onArrival = listener),
    /** Takes those that came after the first `count`. */
    takeAfter: (count: number): ResendRequest[] => pending.splice(count),
    /** Resolves when there is one, and at the latest when the time is up. */
    arrival: (milliseconds: number) => condition(() => pending.length > 0, milliseconds, WINDOW),
    take: (): ResendRequest | undefined => pending.shift(),
    /** Those that were taken; what is pending stays unanswered. */
    answered: (): void => void (unanswered = pending.length),
  };
}

/** What an operator typed, reduced to what the ledger can hold. */
function readRequest(signal: unknown): Partial<ResendRequest> {
  const { requestId, requestedBy, reason } = fieldsOf(signal);
  return {
    requestId: toText(requestId),
    requestedBy: toText(requestedBy),
    reason: toText(reason),
  };
}

function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    value
      .slice(0, INPUT_MAX_CHARS)
      .replace(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, TEXT_MAX_CHARS) || undefined
  );
}
