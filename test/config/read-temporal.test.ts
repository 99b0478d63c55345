import { loadApiConfig, loadSetupConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment-reader';
import {
  DAY,
  apiFaults,
  faultsOf,
  padded,
  scratchFiles,
  worker,
  workerFaults,
} from '../support/configuration';

const { file } = scratchFiles();
const temporal = (environment: Environment) => loadApiConfig(environment).temporal;

describe('readTemporalMetricsPort', () => {
  it('is the port of the variable, and by default none', () => {
    expect(worker({ TEMPORAL_METRICS_PORT: padded('8083') }).temporalMetricsPort).toBe(8083);
    expect(worker({}).temporalMetricsPort).toBeUndefined();
  });

  it.each(['0', '65536', 'any'])('refuses %j', (value) => {
    expect(workerFaults({ TEMPORAL_METRICS_PORT: value })).toEqual([
      'TEMPORAL_METRICS_PORT must be a whole number from 1 to 65535',
    ]);
  });
});

describe('readTemporal', () => {
  it('reads address, namespace and task queue', () => {
    const config = temporal({
      TEMPORAL_ADDRESS: padded('temporal.example:7233'),
      TEMPORAL_NAMESPACE: padded('mail'),
      TEMPORAL_TASK_QUEUE: 'mails',
    });

    expect(config).toMatchObject({
      connectionOptions: { address: 'temporal.example:7233' },
      namespace: 'mail',
      taskQueue: 'mails',
    });
    expect(config.connectionOptions.tls).toBeUndefined();
  });

  it.each<[string, () => Environment]>([
    ['its variable', () => ({ TEMPORAL_API_KEY: padded('key') })],
    ['a file', () => ({ TEMPORAL_API_KEY_FILE: file('key', 'key\n') })],
  ])('reads the API key from %s and turns TLS on', (_what, environment) => {
    const config = temporal(environment());

    expect(config.connectionOptions).toMatchObject({ apiKey: 'key', tls: true });
  });

  it.each(['true', 'TRUE', '1', 'yes', 'on', padded('true')])('turns TLS on with %j', (value) => {
    const config = temporal({ TEMPORAL_TLS: value });

    expect(config.connectionOptions.tls).toBeTruthy();
  });

  it.each(['false', 'False', '0', 'no', 'off'])('turns TLS off with %j', (value) => {
    const config = temporal({ TEMPORAL_TLS: value, TEMPORAL_API_KEY: 'key' });

    expect(config.connectionOptions.tls).toBe(false);
  });

  it('refuses TEMPORAL_TLS=enabled', () => {
    const faults = apiFaults({ TEMPORAL_TLS: 'enabled' });

    expect(faults).toEqual(['TEMPORAL_TLS must be true or false']);
  });

  const bytes = (text: string) => new Uint8Array(Buffer.from(text));

  it.each<[string, () => Environment]>([
    [
      'files',
      () => ({
        TEMPORAL_TLS_CLIENT_CERT_PATH: file('cert', 'CERT'),
        TEMPORAL_TLS_CLIENT_KEY_PATH: padded(file('key', 'KEY')),
      }),
    ],
    [
      'their variables',
      () => ({ TEMPORAL_TLS_CLIENT_CERT_DATA: 'CERT', TEMPORAL_TLS_CLIENT_KEY_DATA: 'KEY' }),
    ],
    [
      'one of each',
      () => ({
        TEMPORAL_TLS_CLIENT_CERT_PATH: file('cert', 'CERT'),
        TEMPORAL_TLS_CLIENT_KEY_DATA: 'KEY',
      }),
    ],
  ])('reads the client certificate and its key from %s', (_what, environment) => {
    const config = temporal(environment());

    expect(config.connectionOptions.tls).toMatchObject({
      clientCertPair: { crt: bytes('CERT'), key: bytes('KEY') },
    });
  });

  it('reads the CA and the name of the server', () => {
    const config = temporal({
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca', 'CA'),
      TEMPORAL_TLS_SERVER_NAME: 'temporal.internal',
    });

    expect(config.connectionOptions.tls).toMatchObject({
      serverNameOverride: 'temporal.internal',
      serverRootCACertificate: bytes('CA'),
    });
  });

  it.each<[string, Environment]>([
    ['a certificate without its key', { TEMPORAL_TLS_CLIENT_CERT_DATA: 'hunter2' }],
    ['a key without its certificate', { TEMPORAL_TLS_CLIENT_KEY_DATA: 'hunter2' }],
    [
      'a certificate with a blank key',
      { TEMPORAL_TLS_CLIENT_CERT_DATA: 'hunter2', TEMPORAL_TLS_CLIENT_KEY_DATA: ' ' },
    ],
  ])('refuses %s', (_what, environment) => {
    const faults = apiFaults(environment);

    expect(faults).toEqual([
      'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together',
    ]);
  });

  it.each<[string, Environment]>([
    [
      'a missing file',
      {
        TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/hunter2',
        TEMPORAL_TLS_CLIENT_KEY_DATA: 'hunter2',
      },
    ],
    [
      'a CA that is given twice',
      {
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/hunter2',
        TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'hunter2',
      },
    ],
  ])('refuses %s', (_what, environment) => {
    const faults = apiFaults(environment);

    expect(faults).toEqual([
      'TEMPORAL_* cannot be read: check the TLS variables and the files they name',
    ]);
  });

  it('reads no configuration file, even if a variable names one', () => {
    const toml = file('temporal.toml', '[profile.default]\naddress = "elsewhere:7233"\n');

    const config = temporal({ TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'default' });

    expect(config.connectionOptions.address).toBeUndefined();
  });
});

describe('readRetention', () => {
  const setup = (retention?: string) =>
    loadSetupConfig({ DATABASE_URL: 'postgres://db/app', TEMPORAL_RETENTION: retention });

  it.each([
    [undefined, 30 * DAY],
    ['30d', 30 * DAY],
    ['72h', 3 * DAY],
    ['90m', DAY / 16],
    ['1.5 days', 1.5 * DAY],
    ['1 D', DAY],
    [padded('7d'), 7 * DAY],
  ])('reads the retention %j', (value, expected) => {
    const config = setup(value);

    expect(config.retentionMs).toBe(expected);
  });

  it.each(['30', 'd', '-1d', '1 fortnight', 'P30D', '1d 2h', '1.5.5d', `${'9'.repeat(200)}d`])(
    'refuses the retention %j',
    (value) => {
      const faults = faultsOf(() => setup(value));

      expect(faults).toEqual(['TEMPORAL_RETENTION must be a duration such as 30d, 72h or 90m']);
    },
  );

  it.each(['0d', '0 h'])('refuses the retention %j, which keeps nothing', (value) => {
    const faults = faultsOf(() => setup(value));

    expect(faults).toEqual(['TEMPORAL_RETENTION must be longer than 0']);
  });
});
