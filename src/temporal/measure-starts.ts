import { isGrpcServiceError } from '@temporalio/client';
import type { createStartMetrics, StartedWorkflow, StartFailure } from '../telemetry/start-metrics';

/** gRPC status codes. */
const CAUSES: Record<number, StartFailure> = {
  4: 'timed_out',
  7: 'refused',
  8: 'overloaded',
  14: 'unavailable',
  16: 'refused',
};

/** The same function, whose calls are timed and whose failures are counted by cause. */
export function measureStarts<Args extends unknown[], T>(
  start: (...args: Args) => Promise<T>,
  workflow: StartedWorkflow,
  { seconds, failed }: ReturnType<typeof createStartMetrics>,
): (...args: Args) => Promise<T> {
  return async function startMeasured(...args) {
    const observe = seconds.startTimer({ workflow });
    try {
      return await start(...args);
    } catch (err) {
      failed.inc({ workflow, cause: causeOf(err) });
      throw err;
    } finally {
      observe();
    }
  };
}

/** The client wraps what gRPC says. */
function causeOf(err: unknown): StartFailure {
  const cause = err instanceof Error && err.cause !== undefined ? err.cause : err;
  return (isGrpcServiceError(cause) && CAUSES[cause.code]) || 'other';
}
