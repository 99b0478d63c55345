import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const watch = describeVariables('Uploads', {
  SWEEP_AFTER: {
    schema: value.duration.prefault('30m'),
    about:
      'How long a webhook may take before the provider is asked about the upload. Up to half as long again passes, so that uploads of one burst are not asked about in one burst.',
  },
  WATCH_GIVE_UP: {
    schema: value.duration.prefault('14d'),
    about: 'How long after the upload the provider is no longer asked about one that is not final.',
  },
});

/** How long an upload is watched in case its webhook never comes. */
export function readUploadWatch(reader: EnvironmentReader) {
  return {
    sweepAfterMs: reader.read(watch.SWEEP_AFTER),
    giveUpAfterMs: reader.read(watch.WATCH_GIVE_UP),
  };
}
