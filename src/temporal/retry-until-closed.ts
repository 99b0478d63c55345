import { type GrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;
type NextCall = Parameters<Interceptor>[1];
type Call = ReturnType<NextCall>;
type Status = Parameters<GrpcRetryOptions['retryableDecider']>[1];

/**
 * The SDK's own retries, which end with the connection. The SDK begins the next attempt from a timer:
 * if the connection was closed in the meantime, gRPC throws there, which would end the process.
 */
export function retryUntilClosed(policy: GrpcRetryOptions): Interceptor {
  return function retryCall(options, nextCall) {
    let failure: Status | undefined;
    let isClosed = false;

    const retry = makeGrpcRetryInterceptor({
      ...policy,
      retryableDecider(attempt, status) {
        failure = status;
        return !isClosed && policy.retryableDecider(attempt, status);
      },
    });

    return retry(options, (again) => {
      try {
        return nextCall(again);
      } catch (err) {
        // An error of the first attempt reaches the caller.
        if (!failure) throw err;
        isClosed = true;
        return failedCall(failure);
      }
    });
  };
}

/** A call that has ended when it starts, as far as the retries use one. */
function failedCall(status: Status): Call {
  const call: Pick<Call, 'start' | 'sendMessage' | 'halfClose'> = {
    start: (_metadata, listener) => listener?.onReceiveStatus?.(status),
    sendMessage: () => undefined,
    halfClose: () => undefined,
  };
  return call as Call;
}
