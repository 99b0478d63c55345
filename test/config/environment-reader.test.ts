import { join } from 'node:path';
import { loadApiConfig, loadWorkerConfig, READERS } from '../../src/config/config';
import {
  ConfigurationError,
  createEnvironmentReader,
  type EnvironmentReader,
} from '../../src/config/environment-reader';
import { apiFaults, padded, scratchFiles, worker, workerFaults } from '../support/configuration';
import { workerEnvironment } from '../support/environment';

const UTF_16 = 'names a file in UTF-16: save it as UTF-8';
const WITH_MARK = 'begins with a byte order mark: save it as UTF-8 without one';
const { directory, file } = scratchFiles();

function variablesOf(read: (reader: EnvironmentReader) => unknown) {
  const reader = createEnvironmentReader({});
  read(reader);
  return reader.variables;
}

describe('createEnvironmentReader', () => {
  it.each([
    ['empty', ''],
    ['blank', ' \t '],
  ])('reads a variable that is %s as not set', (_what, value) => {
    const blank = variablesOf(READERS.api).map(({ name, secret }) => [
      secret ? `${name}_FILE` : name,
      value,
    ]);

    const config = loadApiConfig(Object.fromEntries(blank));

    expect(config).toEqual(loadApiConfig({}));
  });

  it('ignores unknown variables', () => {
    const config = loadApiConfig({ APP_ENV: 'nowhere', SMTP_PORT: 'abc', TEMPORAL_X: '1' });

    expect(config).toEqual(loadApiConfig({}));
  });

  it.each([
    ['without a line end', 'new', 'new'],
    ['with a line end', 'new\n', 'new'],
    ['with a Windows line end', 'new\r\n', 'new'],
    ['with two line ends', 'new\n\n', 'new\n'],
    ['with blanks', ' new ', ' new '],
  ])('reads a secret from a file %s', (_what, content, expected) => {
    const config = loadApiConfig({ WEBHOOK_SECRET_KEY_FILE: padded(file('secret', content)) });

    expect(config.webhookSecrets).toEqual([expected]);
  });

  it.each([
    ['a line end', 'new\n', 'new'],
    ['a Windows line end', 'new\r\n', 'new'],
    ['two line ends', 'new\n\n', 'new\n'],
    ['blanks', ' new ', ' new '],
  ])('reads a secret with %s after it from the environment', (_what, value, expected) => {
    const config = loadApiConfig({ WEBHOOK_SECRET_KEY: value });

    expect(config.webhookSecrets).toEqual([expected]);
  });

  it.each([
    ['in UTF-16', Buffer.from('\ufeffhunter2', 'utf16le'), UTF_16],
    ['in big-endian UTF-16', Buffer.from('\ufeffhunter2', 'utf16le').swap16(), UTF_16],
    ['in UTF-16 without a byte order mark', Buffer.from('hunter2', 'utf16le'), UTF_16],
    ['in Latin-1', Buffer.from('hünter2', 'latin1'), 'names a file that is not UTF-8 text'],
    ['of random bytes', Buffer.from([0xc3, 0x28, 0xff]), 'names a file that is not UTF-8 text'],
    ['with a byte order mark', Buffer.from('\ufeffhunter2'), `names a file that ${WITH_MARK}`],
  ])('refuses a file %s', (_what, content, fault) => {
    const path = file('encoded', content);

    expect(apiFaults({ WEBHOOK_SECRET_KEY_FILE: path })).toEqual([
      `WEBHOOK_SECRET_KEY_FILE ${fault}`,
    ]);
    expect(workerFaults({ SSL_CERT_FILE: path })).toEqual([`SSL_CERT_FILE ${fault}`]);
  });

  it('refuses a secret of the environment with a byte order mark', () => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY: '\ufeffhunter2' });

    expect(faults).toEqual([`WEBHOOK_SECRET_KEY ${WITH_MARK}`]);
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n'],
    ['only a line end', '\n'],
  ])(
    'refuses a secret file that is %s, which would turn the signature check off',
    (_what, content) => {
      const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: file('blank', content) });

      expect(faults).toEqual(['WEBHOOK_SECRET_KEY is blank']);
    },
  );

  it('refuses a secret file that does not exist', () => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: join(directory, 'hunter2') });

    expect(faults).toEqual(['WEBHOOK_SECRET_KEY_FILE names a file that cannot be read (ENOENT)']);
  });

  it('refuses a secret file that is a directory', () => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: directory });

    expect(faults).toEqual(['WEBHOOK_SECRET_KEY_FILE names a file that cannot be read (EISDIR)']);
  });

  it('refuses a secret that is set together with its file', () => {
    const faults = apiFaults({
      WEBHOOK_SECRET_KEY: 'hunter2',
      WEBHOOK_SECRET_KEY_FILE: file('twice', 'hunter2'),
    });

    expect(faults).toEqual([
      'WEBHOOK_SECRET_KEY and WEBHOOK_SECRET_KEY_FILE are both set: keep one',
    ]);
  });

  it('writes one line for each fault', () => {
    const load = () => loadWorkerConfig(workerEnvironment({ SMTP_PORT: '0', SMTP_SERVER: '' }));

    expect(load).toThrow(
      'The configuration has 2 fault(s):\n' +
        '  SMTP_SERVER is missing\n' +
        '  SMTP_PORT must be a whole number from 1 to 65535',
    );
  });

  it('drops the line end of settings that are one line', () => {
    const { smtp, sender } = worker({
      SMTP_USERNAME: 'mailer\n',
      SMTP_PASSWORD: ' secret \r\n',
      SMTP_FROM_NAME: 'BoltRoute\n',
    });

    expect([smtp.username, smtp.password, sender.from.name]).toEqual([
      'mailer',
      ' secret ',
      'BoltRoute',
    ]);
  });

  it.each(['EXTERNAL_API_ADMIN_KEY', 'SMTP_PASSWORD', 'DATABASE_URL'])(
    'reads %s from a file',
    (name) => {
      const secret = 'postgres://from.a.file/app';
      const path = file(name, `${secret}\n`);

      const config = worker({ [name]: undefined, [`${name}_FILE`]: path });

      const secrets = [config.taskApi.key, config.smtp.password, config.database.url];
      expect(secrets.filter((value) => value === secret)).toHaveLength(1);
    },
  );
});

describe('a ConfigurationError', () => {
  const names = [
    ...Object.values(READERS).flatMap((read) => variablesOf(read).map(({ name }) => name)),
    ...['TEMPORAL_TLS_CLIENT_KEY_DATA', 'TEMPORAL_TLS_SERVER_CA_CERT_DATA'],
  ];

  it.each([
    'hunter2',
    'hunter2 {hunter2}',
    '{"hunter2":1}',
    '["hunter2"',
    'https://hunter2@x.example/?hunter2#hunter2',
    'hunter2@hunter2@x.example',
    'hunter2\n',
  ])('never contains a value such as %j', (value) => {
    const plain = Object.fromEntries(names.map((name) => [name, value]));
    const files = Object.fromEntries(names.map((name) => [`${name}_FILE`, `/nowhere/${value}`]));

    for (const read of Object.values(READERS)) {
      for (const environment of [plain, files, { ...plain, ...files }]) {
        const reader = createEnvironmentReader(environment);
        read(reader);

        expect(reader.finish).toThrow(ConfigurationError);
        expect(reader.faults.join('\n')).not.toContain('hunter2');
      }
    }
  });
});
