import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const watch = describeVariables('Uploads', {
  SWEEP_AFTER: {
    schema: value.duration.prefault('30m'),
    about:
      'How long to wait for the webhook of an upload before asking the provider. Up to half of it is ' +
      'added at random, so that a burst of uploads is not followed by a burst of questions.',
  },
  WATCH_GIVE_UP: {
    schema: value.duration.prefault('14d'),
    about: 'How long after the upload to stop asking if it is still not final.',
  },
});

/** How long an upload is watched in case its webhook never comes. */
export function readUploadWatch(reader: EnvironmentReader) {
  return {
    sweepAfterMs: reader.read(watch.SWEEP_AFTER),
    giveUpAfterMs: reader.read(watch.WATCH_GIVE_UP),
  };
}
