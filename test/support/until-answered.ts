import { isGrpcServiceError } from '@temporalio/client';
import { untilFound } from './until-found';

/** gRPC status codes: too late, overloaded, unavailable. */
const REPEATED = [4, 8, 14];

/**
 * Calls until Temporal answers in time, as senders do that are told 503. A call whose answer was late
 * may have been made: a start is then answered as a duplicate of itself. A call may also run a command.
 */
export async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  const { value } = await untilFound('an answer of Temporal in time', () =>
    call().then((answer) => ({ value: answer }), unlessRepeated),
  );
  return value;
}

/** The client wraps what gRPC says; of a command, stderr says it. */
function unlessRepeated(err: unknown): undefined {
  if (String(err).includes('DEADLINE_EXCEEDED')) return;
  const cause = err instanceof Error && err.cause !== undefined ? err.cause : err;
  if (!isGrpcServiceError(cause) || !REPEATED.includes(cause.code)) throw err;
}
