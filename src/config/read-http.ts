import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const http = describeVariables('HTTP and log', {
  HTTP_PORT: {
    schema: value.wholeNumber(0, 65535),
    about:
      'Port of the API, or of the health and metrics routes of the worker. 0 takes a free one.',
  },
  HTTP_KEEP_ALIVE_TIMEOUT: {
    schema: value.duration.prefault('75s'),
    about:
      'How long an idle connection is kept. It must exceed the idle timeout of the proxy in front.',
  },
  SHUTDOWN_DELAY: {
    schema: value.durationOrNone.prefault('0'),
    about:
      'How long `/readyz` answers 503 after SIGTERM before the listener closes, so that a proxy can ' +
      'turn to another API. The image sets it to 5s.',
  },
});

export function readPort({ read }: EnvironmentReader, byDefault: number): number {
  const { HTTP_PORT } = http;
  return read({ ...HTTP_PORT, schema: HTTP_PORT.schema.default(byDefault) });
}

export function readConnections({ read }: EnvironmentReader) {
  return {
    keepAliveTimeoutMs: read(http.HTTP_KEEP_ALIVE_TIMEOUT),
    shutdownDelayMs: read(http.SHUTDOWN_DELAY),
  };
}
