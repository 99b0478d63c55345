import { condition, setHandler, uuid4 } from '@temporalio/workflow';
import type { ResendRequest } from '../activities/types';
import { resendSignal } from './messages';

/** What the UI calls the timer. */
const WINDOW = { summary: 'open for the signal resend' };

export type ResendRequests = ReturnType<typeof createResendRequests>;

/** The `resend` signals of this run, each request once, in the order in which they came. */
export function createResendRequests() {
  const seen = new Set<string>();
  const pending: ResendRequest[] = [];
  let onArrival: (() => void) | undefined;

  setHandler(resendSignal, (signal) => {
    const request = toRequest(signal);
    if (seen.has(request.requestId)) return;
    seen.add(request.requestId);
    pending.push(request);
    onArrival?.();
  });

  return {
    count: (): number => pending.length,
    /** Who is told of the next ones as they come. */
    onArrival: (listener: (() => void) | undefined): void => void (onArrival = listener),
    /** Takes those that came after the first `count`. */
    takeAfter: (count: number): ResendRequest[] => pending.splice(count),
    /** Resolves when there is one, and at the latest when the time is up. */
    arrival: (milliseconds: number) => condition(() => pending.length > 0, milliseconds, WINDOW),
    take: (): ResendRequest | undefined => pending.shift(),
  };
}

/** What an operator typed, reduced to what the ledger can hold. */
function toRequest(signal: unknown): ResendRequest {
  const { requestId, requestedBy, reason } = Object(signal) as Record<string, unknown>;
  return {
    requestId: toText(requestId) ?? uuid4(),
    requestedBy: toText(requestedBy),
    reason: toText(reason),
  };
}

function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    value
      .replace(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, 500) || undefined
  );
}
