import { loadApiConfig, loadOperatorConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment-reader';
import { NO_URL, apiFaults, faultsOf, padded, scratchFiles } from '../support/configuration';

const OWN = 'postgres://reader:hunter2@db.example/app';
const SHARED = 'postgres://app:secret@db.example/app';

const { file } = scratchFiles();

describe('readAdmin', () => {
  it.each<[string, () => Environment, string | undefined]>([
    ['none', () => ({}), undefined],
    ['none when it is empty', () => ({ ADMIN_API_TOKEN: '' }), undefined],
    [
      'one of 16 characters',
      () => ({ ADMIN_API_TOKEN: padded('0123456789abcdef') }),
      '0123456789abcdef',
    ],
    [
      'one from a file',
      () => ({ ADMIN_API_TOKEN_FILE: file('token', '0123456789abcdef\n') }),
      '0123456789abcdef',
    ],
  ])('reads the admin token: %s', (_what, environment, expected) => {
    const config = loadApiConfig(environment());

    expect(config.admin.token).toBe(expected);
  });

  it.each(['0123456789abcde', 'hunter2', '0123456789 abcdef', 'pässword-pässword'])(
    'refuses the admin token %j',
    (value) => {
      const faults = apiFaults({ ADMIN_API_TOKEN: value });

      expect(faults).toEqual([
        'ADMIN_API_TOKEN must be at least 16 characters of ASCII without blanks',
      ]);
    },
  );

  it('listens on a port and an address of its own', () => {
    const config = loadApiConfig({ ADMIN_PORT: '0', ADMIN_HOST: padded('::1') });

    expect(config.admin).toMatchObject({ port: 0, host: '::1' });
  });

  it.each(['localhost', '127.0.0.1:8082', '[::1]', '*', '256.0.0.1'])(
    'refuses the address %j',
    (value) => {
      const faults = apiFaults({ ADMIN_HOST: value });

      expect(faults).toEqual([
        'ADMIN_HOST must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::1',
      ]);
    },
  );
});

describe('readLookUps', () => {
  it.each<[string, Environment, string | undefined]>([
    ['none', {}, undefined],
    ['the one of the worker', { DATABASE_URL: SHARED }, SHARED],
    ['its own', { ADMIN_DATABASE_URL: padded(OWN) }, OWN],
    [
      'its own rather than that of the worker',
      { ADMIN_DATABASE_URL: OWN, DATABASE_URL: SHARED },
      OWN,
    ],
  ])('reads the database: %s', (_what, environment, url) => {
    expect(loadApiConfig(environment).admin.database?.url).toBe(url);
    expect(loadOperatorConfig(environment).database?.url).toBe(url);
  });

  it.each<[string, Environment, string]>([
    ['another scheme', { ADMIN_DATABASE_URL: 'mysql://db/app' }, 'must be a postgres:// URL'],
    [
      'an unknown sslmode',
      { ADMIN_DATABASE_URL: `${OWN}?sslmode=perhaps` },
      'has an sslmode other than disable, require, verify-full and no-verify',
    ],
    [
      'a CA that cannot be read',
      { ADMIN_DATABASE_URL: `${OWN}?sslrootcert=/nowhere/ca.pem` },
      'names a file that cannot be read (ENOENT)',
    ],
  ])('refuses ADMIN_DATABASE_URL with %s, by that name', (_what, environment, fault) => {
    const faults = faultsOf(() => loadOperatorConfig(environment));

    expect(faults).toEqual([`ADMIN_DATABASE_URL ${fault}`]);
  });

  it('reads the URL of the Temporal UI, without a trailing slash', () => {
    const environment = { TEMPORAL_UI_URL: 'https://temporal.example/' };

    expect(loadOperatorConfig(environment).temporalUiUrl).toBe('https://temporal.example');
    expect(apiFaults({ TEMPORAL_UI_URL: 'javascript:alert(1)' })).toEqual([
      `TEMPORAL_UI_URL ${NO_URL}`,
    ]);
  });
});
