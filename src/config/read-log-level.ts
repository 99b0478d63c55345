import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const log = describeVariables('HTTP and log', {
  LOG_LEVEL: {
    schema: value.logLevel.prefault('info'),
    about: 'Lowest level that is logged.',
  },
});

export function readLogLevel({ read }: EnvironmentReader) {
  return read(log.LOG_LEVEL);
}
