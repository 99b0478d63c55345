import { loadApiConfig, loadWatchConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment-reader';
import { DAY, MINUTE, faultsOf, padded } from '../support/configuration';

describe('readUploadWatch', () => {
  it.each<[string, Environment, object]>([
    ['by default', {}, { sweepAfterMs: 30 * MINUTE, giveUpAfterMs: 14 * DAY }],
    [
      'as configured',
      { SWEEP_AFTER: padded('2h'), WATCH_GIVE_UP: '1d' },
      { sweepAfterMs: 120 * MINUTE, giveUpAfterMs: DAY },
    ],
  ])('reads how long uploads are watched %s, as the api does', (_what, given, expected) => {
    const { uploadWatch } = loadWatchConfig(given);

    expect(uploadWatch).toEqual(expected);
    expect(loadApiConfig(given)).toMatchObject({ uploadWatch });
  });

  it.each([
    ['SWEEP_AFTER', '0m', 'must be longer than 0'],
    ['SWEEP_AFTER', '30', 'must be a duration such as 30d, 72h or 90m'],
    ['WATCH_GIVE_UP', '0', 'must be longer than 0'],
    ['RESEND_WINDOW', 'never', 'must be a duration such as 30d, 72h or 90m'],
  ])('refuses %s=%j', (name, value, message) => {
    const faults = faultsOf(() => loadWatchConfig({ [name]: value }));

    expect(faults).toEqual([`${name} ${message}`]);
  });
});
