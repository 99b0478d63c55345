import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadApiConfig,
  loadOperatorConfig,
  loadSetupConfig,
  loadWatchConfig,
  loadWorkerConfig,
} from '../../src/config/config';
import { ConfigurationError, type Environment } from '../../src/config/environment-reader';
import { workerEnvironment } from '../support/environment';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-test-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (err) {
    if (err instanceof ConfigurationError) return err.faults;
    throw err;
  }
  return [];
}

const apiFaults = (environment: Environment) => faultsOf(() => loadApiConfig(environment));
const workerFaults = (change: Environment) =>
  faultsOf(() => loadWorkerConfig(workerEnvironment(change)));
const worker = (change: Environment) => loadWorkerConfig(workerEnvironment(change));
const temporal = (environment: Environment) => loadApiConfig(environment).temporal;

/** A variable with blanks around its value, for those that are trimmed. */
const padded = (value: string) => ` \t${value}\n`;
const DAY = 86_400_000;
const NO_URL = 'must be an http or https URL without user, query and fragment';
const NO_ADDRESSES =
  'must be an e-mail address, or several with commas between; a name with a comma needs quotes';
const UTF_16 = 'names a file in UTF-16: save it as UTF-8';
const WITH_MARK = 'begins with a byte order mark: save it as UTF-8 without one';
const NO_LIST = 'must be keys with commas between, or a JSON list of them';

describe('loadApiConfig', () => {
  it('has a default for everything', () => {
    const config = loadApiConfig({});

    expect(config).toEqual({
      logLevel: 'info',
      port: 8080,
      keepAliveTimeoutMs: 75_000,
      shutdownDelayMs: 0,
      publicBaseUrl: undefined,
      webhookSecrets: [],
      upload: { maxMegabytes: 10, auth: { allowedOrigins: [] } },
      resendWindowMs: 3 * DAY,
      uploadWatch: { sweepAfterMs: DAY / 48, giveUpAfterMs: 14 * DAY },
      temporal: {
        connectionOptions: {},
        namespace: 'default',
        taskQueue: 'bulk-upload-notifications',
      },
    });
  });

  it.each([
    ['empty', ''],
    ['blank', ' \t '],
  ])('takes a variable that is %s for one that is not set', (_what, value) => {
    const names = ['LOG_LEVEL', 'HTTP_PORT', 'PUBLIC_BASE_URL', 'WEBHOOK_SIGNATURE_REQUIRED'];
    const more = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_TASK_QUEUE', 'TEMPORAL_TLS'];
    const upload = ['EMAIL_API_BASE_URL', 'BULK_UPLOAD_WEBHOOK_URL', 'UPLOAD_MAX_MB'];
    const auth = ['SUPABASE_URL', 'SUPABASE_AUTH_COOKIE_NAME', 'SUPABASE_JWT_SECRET_FILE'];
    const tokens = ['SUPABASE_ANON_KEY', 'SUPABASE_JWT_ISSUER', 'UPLOAD_ALLOWED_ORIGINS'];
    const files = ['WEBHOOK_SECRET_KEY_FILE', 'TEMPORAL_API_KEY_FILE'];
    const blank = [...names, ...more, ...upload, ...auth, ...tokens, ...files].map((name) => [
      name,
      value,
    ]);

    const config = loadApiConfig(Object.fromEntries(blank));

    expect(config).toEqual(loadApiConfig({}));
  });

  it('ignores names that it does not know', () => {
    const config = loadApiConfig({ APP_ENV: 'nowhere', SMTP_PORT: 'abc', TEMPORAL_X: '1' });

    expect(config).toEqual(loadApiConfig({}));
  });

  it.each([
    ['debug', 'debug'],
    ['INFO', 'info'],
    ['Warning', 'warning'],
    [padded('error'), 'error'],
    ['critical', 'critical'],
  ])('reads the log level %j', (value, expected) => {
    const config = loadApiConfig({ LOG_LEVEL: value });

    expect(config.logLevel).toBe(expected);
  });

  it.each(['trace', 'warn', 'all', '3'])('refuses the log level %j', (value) => {
    const faults = apiFaults({ LOG_LEVEL: value });

    expect(faults).toEqual(['LOG_LEVEL must be debug, info, warning, error or critical']);
  });

  it.each([
    ['0', 0],
    ['65535', 65535],
    ['8080.0', 8080],
    [padded('8080'), 8080],
  ])('listens on the port %j', (value, expected) => {
    const config = loadApiConfig({ HTTP_PORT: value });

    expect(config.port).toBe(expected);
  });

  it.each(['-1', '65536', '80.5', 'abc', '80a', 'Infinity', 'NaN', '80,81'])(
    'refuses the port %j',
    (value) => {
      const faults = apiFaults({ HTTP_PORT: value });

      expect(faults).toEqual(['HTTP_PORT must be a whole number from 0 to 65535']);
    },
  );

  it.each([
    ['https://notify.example', 'https://notify.example'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://notify.example/a/b//', 'https://notify.example/a/b'],
    [padded('https://notify.example'), 'https://notify.example'],
  ])('reads the public URL %j', (value, expected) => {
    const config = loadApiConfig({ PUBLIC_BASE_URL: value });

    expect(config.publicBaseUrl).toBe(expected);
  });

  it.each([
    'notify.example',
    '/api',
    'https://',
    'ftp://notify.example',
    'javascript:alert(1)',
    'https://user@notify.example',
    'https://user:hunter2@notify.example',
    'https://notify.example?',
    'https://notify.example/?a=1',
    'https://notify.example/#',
    'https://notify.example/#a',
    'https://notify.example https://other.example',
    'https://notify.\nexample',
    'https://notify.example:99999',
  ])('refuses the public URL %j', (value) => {
    const faults = apiFaults({ PUBLIC_BASE_URL: value });

    expect(faults).toEqual([`PUBLIC_BASE_URL ${NO_URL}`]);
  });

  it.each<[string, Environment, string[]]>([
    ['none', {}, []],
    ['the current one', { WEBHOOK_SECRET_KEY: 'new' }, ['new']],
    ['both', { WEBHOOK_SECRET_KEY: 'new', WEBHOOK_SECRET_KEY_PREVIOUS: 'old' }, ['new', 'old']],
    ['one as it is, with its blanks', { WEBHOOK_SECRET_KEY: ' a b ' }, [' a b ']],
    [
      'one that is required',
      { WEBHOOK_SECRET_KEY: 'new', WEBHOOK_SIGNATURE_REQUIRED: 'yes' },
      ['new'],
    ],
    ['none by the name of the field', { BULK_UPLOAD_WEBHOOK_SECRET_KEY: 'new' }, []],
  ])('takes the webhook secrets: %s', (_what, environment, expected) => {
    const config = loadApiConfig(environment);

    expect(config.webhookSecrets).toEqual(expected);
  });

  it.each<[string, Environment, string]>([
    [
      'is required and missing',
      { WEBHOOK_SIGNATURE_REQUIRED: 'true' },
      'WEBHOOK_SECRET_KEY is missing, and signatures are required',
    ],
    [
      'is missing beside the previous one',
      { WEBHOOK_SECRET_KEY_PREVIOUS: 'old' },
      'WEBHOOK_SECRET_KEY is missing beside the previous one',
    ],
    ['is blank', { WEBHOOK_SECRET_KEY: ' \t' }, 'WEBHOOK_SECRET_KEY is blank'],
  ])('refuses to start when the webhook secret %s', (_what, environment, expected) => {
    const faults = apiFaults(environment);

    expect(faults).toEqual([expected]);
  });

  it.each([
    ['without a line end', 'new', 'new'],
    ['with a line end', 'new\n', 'new'],
    ['with the line end of Windows', 'new\r\n', 'new'],
    ['with two line ends', 'new\n\n', 'new\n'],
    ['with blanks', ' new ', ' new '],
  ])('reads a secret from a file %s', (_what, content, expected) => {
    const config = loadApiConfig({ WEBHOOK_SECRET_KEY_FILE: padded(file('secret', content)) });

    expect(config.webhookSecrets).toEqual([expected]);
  });

  it.each([
    ['a line end', 'new\n', 'new'],
    ['the line end of Windows', 'new\r\n', 'new'],
    ['two line ends', 'new\n\n', 'new\n'],
    ['blanks', ' new ', ' new '],
  ])('reads a secret with %s after it from the environment', (_what, value, expected) => {
    const config = loadApiConfig({ WEBHOOK_SECRET_KEY: value });

    expect(config.webhookSecrets).toEqual([expected]);
  });

  it.each([
    ['in UTF-16', Buffer.from('\ufeffhunter2', 'utf16le'), UTF_16],
    ['in UTF-16 of the other order', Buffer.from('\ufeffhunter2', 'utf16le').swap16(), UTF_16],
    ['in UTF-16 without a mark', Buffer.from('hunter2', 'utf16le'), UTF_16],
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
  ])('refuses a secret file that is %s, which would leave the endpoint open', (_what, content) => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: file('blank', content) });

    expect(faults).toEqual(['WEBHOOK_SECRET_KEY is blank']);
  });

  it('refuses a secret file that is not there', () => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: join(directory, 'hunter2') });

    expect(faults).toEqual(['WEBHOOK_SECRET_KEY_FILE names a file that cannot be read (ENOENT)']);
  });

  it('refuses a secret file that is a directory', () => {
    const faults = apiFaults({ WEBHOOK_SECRET_KEY_FILE: directory });

    expect(faults).toEqual(['WEBHOOK_SECRET_KEY_FILE names a file that cannot be read (EISDIR)']);
  });

  it('refuses a secret that is given twice', () => {
    const faults = apiFaults({
      WEBHOOK_SECRET_KEY: 'hunter2',
      WEBHOOK_SECRET_KEY_FILE: file('twice', 'hunter2'),
    });

    expect(faults).toEqual([
      'WEBHOOK_SECRET_KEY and WEBHOOK_SECRET_KEY_FILE are both set: keep one',
    ]);
  });

  it.each([
    ['0', 0],
    ['0h', 0],
    ['30m', DAY / 48],
    [padded('7d'), 7 * DAY],
  ])('keeps a settled run open for %j', (value, expected) => {
    const config = loadApiConfig({ RESEND_WINDOW: value });

    expect(config.resendWindowMs).toBe(expected);
  });

  it.each(['72', '-1h', 'never'])('refuses to keep a settled run open for %j', (value) => {
    const faults = apiFaults({ RESEND_WINDOW: value });

    expect(faults).toEqual(['RESEND_WINDOW must be a duration such as 30d, 72h or 90m']);
  });

  it('reads how long connections are kept, and how long a shutdown is announced', () => {
    const config = loadApiConfig({ HTTP_KEEP_ALIVE_TIMEOUT: '2m', SHUTDOWN_DELAY: '5s' });

    expect(config).toMatchObject({ keepAliveTimeoutMs: 120_000, shutdownDelayMs: 5_000 });
  });

  it('refuses to keep connections for no time and to announce a shutdown for a word', () => {
    const faults = apiFaults({ HTTP_KEEP_ALIVE_TIMEOUT: '0', SHUTDOWN_DELAY: 'soon' });

    expect(faults).toEqual([
      'HTTP_KEEP_ALIVE_TIMEOUT must be longer than 0',
      'SHUTDOWN_DELAY must be a duration such as 30d, 72h or 90m',
    ]);
  });

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
  ])('takes the token of operators: %s', (_what, environment, expected) => {
    const config = loadApiConfig(environment());

    expect(config.adminToken).toBe(expected);
  });

  it.each(['0123456789abcde', 'hunter2', '0123456789 abcdef', 'pässword-pässword'])(
    'refuses the token of operators %j',
    (value) => {
      const faults = apiFaults({ ADMIN_API_TOKEN: value });

      expect(faults).toEqual([
        'ADMIN_API_TOKEN must be at least 16 characters of ASCII without blanks',
      ]);
    },
  );

  it('reads what uploads need', () => {
    const { upload } = loadApiConfig({
      EMAIL_API_BASE_URL: padded('https://api.example/api/v1/'),
      BULK_UPLOAD_WEBHOOK_URL: padded('https://notify.example/hook?of=uploads'),
      UPLOAD_MAX_MB: padded('25'),
      SUPABASE_JWT_SECRET: ' a secret ',
      SUPABASE_URL: padded('https://project.supabase.co/'),
      SUPABASE_ANON_KEY: padded('sb_publishable_0123456789'),
      SUPABASE_JWT_ISSUER: padded('https://auth.example'),
      UPLOAD_ALLOWED_ORIGINS: padded('https://app.example/ , http://localhost:3000'),
      SUPABASE_AUTH_COOKIE_NAME: padded('sb-access-token'),
    });

    expect(upload).toEqual({
      baseUrl: 'https://api.example/api/v1',
      callbackUrl: 'https://notify.example/hook?of=uploads',
      maxMegabytes: 25,
      auth: {
        jwtSecret: ' a secret ',
        supabase: { url: 'https://project.supabase.co', anonKey: 'sb_publishable_0123456789' },
        issuer: 'https://auth.example',
        cookieName: 'sb-access-token',
        allowedOrigins: ['https://app.example', 'http://localhost:3000'],
      },
    });
  });

  it('expects the issuer of the Supabase project, and its own origin, unless told otherwise', () => {
    const { upload } = loadApiConfig({
      SUPABASE_URL: 'https://project.supabase.co',
      SUPABASE_ANON_KEY: 'sb_publishable_0123456789',
      PUBLIC_BASE_URL: 'https://Notify.example/base',
    });

    expect(upload.auth).toMatchObject({
      issuer: 'https://project.supabase.co/auth/v1',
      allowedOrigins: ['https://notify.example'],
    });
  });

  it('refuses SUPABASE_URL without the key that Supabase wants with each request', () => {
    const faults = apiFaults({ SUPABASE_URL: 'https://project.supabase.co' });

    expect(faults).toEqual(['SUPABASE_ANON_KEY is missing beside SUPABASE_URL']);
  });

  it('reads the key of tokens from a file', () => {
    const { upload } = loadApiConfig({ SUPABASE_JWT_SECRET_FILE: file('jwt', 'a secret\n') });

    expect(upload.auth.jwtSecret).toBe('a secret');
  });

  const NO_ORIGINS = 'must be origins with commas between, such as https://app.example';
  const NO_CALLBACK = 'must be an http or https URL without fragment';

  it.each<[string, string, string]>([
    ['EMAIL_API_BASE_URL', 'api.example', NO_URL],
    ['BULK_UPLOAD_WEBHOOK_URL', 'notify.example/hook', NO_CALLBACK],
    ['BULK_UPLOAD_WEBHOOK_URL', 'https://notify.example/#a', NO_CALLBACK],
    ['BULK_UPLOAD_WEBHOOK_URL', 'https://notify.example/a b', NO_CALLBACK],
    ['UPLOAD_MAX_MB', '0', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '101', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '1.5', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '10MB', 'must be a whole number from 1 to 100'],
    ['UPLOAD_ALLOWED_ORIGINS', 'app.example', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'https://app.example/path', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'https://app.example,*', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'null', NO_ORIGINS],
    ['SUPABASE_JWT_SECRET', ' \t', 'is blank'],
    ['SUPABASE_AUTH_COOKIE_NAME', 'a=b', 'must be the name of a cookie'],
    ['SUPABASE_AUTH_COOKIE_NAME', 'a;b', 'must be the name of a cookie'],
  ])('refuses as %s what is %j', (name, value, message) => {
    const faults = apiFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });

  describe('TEMPORAL_*', () => {
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
    ])('takes an API key from %s and turns TLS on', (_what, environment) => {
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

    it('refuses a TLS switch that is neither on nor off', () => {
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
    ])('takes a client certificate and its key from %s', (_what, environment) => {
      const config = temporal(environment());

      expect(config.connectionOptions.tls).toMatchObject({
        clientCertPair: { crt: bytes('CERT'), key: bytes('KEY') },
      });
    });

    it('takes the authority and the name of the server', () => {
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
        'a file that is not there',
        {
          TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/hunter2',
          TEMPORAL_TLS_CLIENT_KEY_DATA: 'hunter2',
        },
      ],
      [
        'an authority given twice',
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

    it('reads no configuration file, whatever names one', () => {
      const toml = file('temporal.toml', '[profile.default]\naddress = "elsewhere:7233"\n');

      const config = temporal({ TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'default' });

      expect(config.connectionOptions.address).toBeUndefined();
    });
  });
});

describe('loadWorkerConfig', () => {
  it('reads all that a worker needs', () => {
    const config = worker({
      HTTP_PORT: '9000',
      EMAIL_API_BASE_URL: padded('https://api.example/api/v1/'),
      DATABASE_URL: padded('postgresql://app:secret@db.example/app?sslmode=require'),
      SMTP_MAX_PER_SECOND: '2.5',
    });

    expect(config).toMatchObject({
      logLevel: 'info',
      port: 9000,
      database: {
        url: 'postgresql://app:secret@db.example/app',
        ssl: { rejectUnauthorized: true },
      },
      taskApi: { baseUrl: 'https://api.example/api/v1', key: 'admin-key' },
      smtp: {
        host: 'relay.example',
        port: 587,
        username: 'mailer',
        password: 'secret',
        tls: 'starttls',
        caCertificates: [],
      },
      sender: {
        from: { name: 'BoltRoute', address: 'noreply@sender.example' },
        replyTo: 'support@sender.example',
        templates: {
          completed: {
            subject: '{file_name} is ready',
            body: 'Hello,\\n{email_count} addresses',
          },
          failed: { subject: '{file_name} failed', body: 'Sorry' },
        },
      },
      sendsPerSecond: 2.5,
    });
  });

  it('has defaults for the rest', () => {
    const config = worker({});

    expect(config).toMatchObject({
      port: 8081,
      logLevel: 'info',
      uncertainPolicy: 'resend',
      giveUpAfterMs: 4 * DAY,
      recipientSource: 'profile_first',
      recipientMaxPerDay: 500,
    });
    expect(config.sendsPerSecond).toBeUndefined();
  });

  it('names everything that is missing in one message', () => {
    const faults = faultsOf(() => loadWorkerConfig({}));

    expect(faults).toEqual([
      'SMTP_FROM_NAME is missing',
      'SMTP_FROM_EMAIL is missing',
      'DATABASE_URL is missing',
      'EMAIL_API_BASE_URL is missing',
      'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)',
      'SMTP_SERVER is missing',
      'SMTP_PORT is missing',
      'SMTP_USERNAME is missing',
      'SMTP_PASSWORD is missing',
      'SMTP_TLS is missing (and SMTP_STARTTLS_REQUIRED)',
      'SMTP_REPLY_TO is missing',
      'BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED is missing',
      'BULK_UPLOAD_EMAIL_BODY_COMPLETED is missing',
      'BULK_UPLOAD_EMAIL_SUBJECT_FAILED is missing',
      'BULK_UPLOAD_EMAIL_BODY_FAILED is missing',
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

  it('drops the line end after what has to be one line', () => {
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

  it.each([
    ['587', 587],
    ['587.0', 587],
    [padded('587'), 587],
    ['1', 1],
    ['65535', 65535],
  ])('reads the SMTP port %j', (value, expected) => {
    const config = worker({ SMTP_PORT: value });

    expect(config.smtp.port).toBe(expected);
  });

  it.each(['0', '-1', '65536', 'abc', '587.5', '5 87'])('refuses the SMTP port %j', (value) => {
    const faults = workerFaults({ SMTP_PORT: value });

    expect(faults).toEqual(['SMTP_PORT must be a whole number from 1 to 65535']);
  });

  const SPELLINGS = [
    ...['true', 't', 'yes', 'y', 'on', '1'].map((text) => [text, true] as const),
    ...['false', 'f', 'no', 'n', 'off', '0'].map((text) => [text, false] as const),
  ].flatMap(([text, expected]) =>
    [text, text.toUpperCase(), padded(text)].map((value) => [value, expected] as const),
  );

  it.each(SPELLINGS)('reads the switch %j as %s', (value, expected) => {
    const config = worker({ SMTP_STARTTLS_REQUIRED: value });

    expect(config.smtp.tls).toBe(expected ? 'starttls' : 'none');
  });

  it.each(['maybe', '2', 'truee', 'nein', 'null'])('refuses the switch %j', (value) => {
    const faults = workerFaults({ SMTP_STARTTLS_REQUIRED: value });

    expect(faults).toEqual(['SMTP_STARTTLS_REQUIRED must be true or false']);
  });

  it.each<[string, Environment, string]>([
    ['the admin key, trimmed', { EXTERNAL_API_ADMIN_KEY: padded('admin') }, 'admin'],
    ['the admin key before a dev key', { EXTERNAL_API_ADMIN_KEY: 'a', DEV_API_KEYS: 'b' }, 'a'],
    ['the only dev key', { DEV_API_KEYS: 'a' }, 'a'],
    ['the first of some dev keys', { DEV_API_KEYS: ' a , b' }, 'a'],
    ['the first that is not blank', { DEV_API_KEYS: ' ,, b,c' }, 'b'],
    ['the first of a JSON list', { DEV_API_KEYS: '["a", "b"]' }, 'a'],
    ['the first of a JSON list that is not blank', { DEV_API_KEYS: ' [" ", " b "] ' }, 'b'],
    ['a dev key beside an empty admin key', { EXTERNAL_API_ADMIN_KEY: '', DEV_API_KEYS: 'a' }, 'a'],
  ])('asks the provider with %s', (_what, change, expected) => {
    const config = worker({ EXTERNAL_API_ADMIN_KEY: undefined, ...change });

    expect(config.taskApi.key).toBe(expected);
  });

  it.each([
    ['an object', '{"a":1}', `DEV_API_KEYS ${NO_LIST}`],
    ['a list of numbers', '[1]', `DEV_API_KEYS ${NO_LIST}`],
    ['a list that is cut off', '["hunter2"', `DEV_API_KEYS ${NO_LIST}`],
    ['commas only', ' , ,', 'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)'],
    ['an empty list', '[]', 'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)'],
  ])('refuses dev keys that are %s', (_what, value, expected) => {
    const faults = workerFaults({ EXTERNAL_API_ADMIN_KEY: undefined, DEV_API_KEYS: value });

    expect(faults).toContain(expected);
  });

  it.each([
    'mysql://app@db.example/app',
    'https://db.example/app',
    'db.example',
    'postgres//db.example',
  ])('refuses the database URL %j', (value) => {
    const faults = workerFaults({ DATABASE_URL: value });

    expect(faults).toEqual(['DATABASE_URL must be a postgres:// URL']);
  });

  it.each<[string, string, string]>([
    ['SMTP_SERVER', 'relay.example relay2.example', 'must be a host name'],
    ['SMTP_SERVER', 'smtp://relay.example', 'must be a host name'],
    ['SMTP_SERVER', 'mailer@relay.example', 'must be a host name'],
    ['EMAIL_API_BASE_URL', 'api.example', NO_URL],
    ['EMAIL_API_BASE_URL', 'https://api.example/?key=hunter2', NO_URL],
    ['SMTP_FROM_EMAIL', 'noreply', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'a@x.example, b@x.example', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'Name <a@x.example>', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', '<a@x.example>', 'must be one e-mail address'],
    ['SMTP_FROM_EMAIL', 'noreply@localhost', 'must be one e-mail address'],
    ['SMTP_REPLY_TO', 'support', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'büro@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example,', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example,,b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example; b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'a@x.example\r\nBcc: b@x.example', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme\r\nBcc: b@x.example" <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Acme, Inc. <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme, Inc. <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', '"Acme" Inc." <a@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Support <a@x.example> <b@x.example>', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'Team: a@x.example, b@x.example;', NO_ADDRESSES],
    ['SMTP_REPLY_TO', 'two words@x.example', NO_ADDRESSES],
    ['SMTP_UNCERTAIN_POLICY', 'retry', 'must be resend, park or assume_sent'],
    ['GIVE_UP_AFTER', '0h', 'must be longer than 0'],
    ['GIVE_UP_AFTER', '96', 'must be a duration such as 30d, 72h or 90m'],
    ['SMTP_MAX_PER_SECOND', '0', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', '-1', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', 'Infinity', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', 'many', 'must be a number above 0'],
  ])('refuses as %s what is %j', (name, value, message) => {
    const faults = workerFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });

  it.each([
    'support@sender.example',
    'Support <support@sender.example>',
    'Support <support@sender.example>, help@sender.example',
    '"Acme, Inc." <support@sender.example>',
    '"Acme \\"A\\", Inc." <a@sender.example>,"B, C" <b@sender.example>',
    'Büro <office@bücher.example>',
  ])('replies go to %j', (value) => {
    const config = worker({ SMTP_REPLY_TO: padded(value) });

    expect(config.sender.replyTo).toBe(value);
  });

  it.each([
    ['resend', 'resend'],
    ['PARK', 'park'],
    [padded('assume_sent'), 'assume_sent'],
  ])('reads the policy %j for a send without an answer', (value, expected) => {
    const config = worker({ SMTP_UNCERTAIN_POLICY: value });

    expect(config.uncertainPolicy).toBe(expected);
  });

  it('reads whose address a mail goes to, and how many one gets a day', () => {
    const config = worker({
      RECIPIENT_SOURCE: padded('Confirmed_Account'),
      RECIPIENT_MAX_PER_DAY: '0',
    });

    expect(config).toMatchObject({ recipientSource: 'confirmed_account', recipientMaxPerDay: 0 });
  });

  it.each([
    ['RECIPIENT_SOURCE', 'profile', 'must be profile_first or confirmed_account'],
    ['RECIPIENT_MAX_PER_DAY', '-1', 'must be a whole number from 0 to 1000000'],
    ['RECIPIENT_MAX_PER_DAY', 'none', 'must be a whole number from 0 to 1000000'],
  ])('refuses %s=%s', (name, value, message) => {
    expect(workerFaults({ [name]: value })).toEqual([`${name} ${message}`]);
  });

  const TEMPLATES = [
    'BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED',
    'BULK_UPLOAD_EMAIL_BODY_COMPLETED',
    'BULK_UPLOAD_EMAIL_SUBJECT_FAILED',
    'BULK_UPLOAD_EMAIL_BODY_FAILED',
  ];

  it.each(TEMPLATES)('refuses a placeholder that there is not in %s', (name) => {
    const faults = workerFaults({ [name]: 'hunter2 {file}' });

    expect(faults).toEqual(
      [9, 14].map((at) => expect.stringContaining(`${name} has a brace at character ${at}`)),
    );
  });

  it.each([
    ['an attribute', '{file_name.__class__}'],
    ['an index', '{file_name[0]}'],
    ['a conversion', '{file_name!r}'],
    ['a format', '{email_count:5d}'],
    ['nothing', '{}'],
    ['a blank', '{ file_name }'],
    ['a lone brace', 'a { b'],
  ])('refuses a template that asks for %s', (_what, template) => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: template });

    expect(faults[0]).toContain('BULK_UPLOAD_EMAIL_BODY_FAILED has a brace at character');
  });

  it('refuses a template of line ends only', () => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: '\\n \\n' });

    expect(faults).toEqual(['BULK_UPLOAD_EMAIL_BODY_FAILED is blank']);
  });

  it('takes doubled braces for literal ones', () => {
    const faults = workerFaults({ BULK_UPLOAD_EMAIL_BODY_FAILED: '{{file}} {file_name}' });

    expect(faults).toEqual([]);
  });
});

describe('loadSetupConfig', () => {
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

  it.each(['0d', '0 h'])('refuses to keep nothing: %j', (value) => {
    const faults = faultsOf(() => setup(value));

    expect(faults).toEqual(['TEMPORAL_RETENTION must be longer than 0']);
  });

  it('names what is missing', () => {
    const faults = faultsOf(() => loadSetupConfig({}));

    expect(faults).toEqual(['DATABASE_URL is missing']);
  });
});

describe('loadOperatorConfig', () => {
  it('reads what it takes to start runs, as the endpoint does', () => {
    const environment = { RESEND_WINDOW: '1d', TEMPORAL_NAMESPACE: 'mail', LOG_LEVEL: 'debug' };

    const config = loadOperatorConfig(environment);

    expect(loadApiConfig(environment)).toMatchObject(config);
    expect(config).toMatchObject({ resendWindowMs: DAY, temporal: { namespace: 'mail' } });
  });
});

describe('loadWatchConfig', () => {
  const MINUTE = 60_000;

  it.each<[string, Environment, object]>([
    ['by default', {}, { sweepAfterMs: 30 * MINUTE, giveUpAfterMs: 14 * DAY }],
    [
      'as it is told',
      { SWEEP_AFTER: padded('2h'), WATCH_GIVE_UP: '1d' },
      { sweepAfterMs: 120 * MINUTE, giveUpAfterMs: DAY },
    ],
  ])('reads how long uploads are watched %s, as the endpoint does', (_what, given, expected) => {
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

describe('a ConfigurationError', () => {
  const NAMES = [
    ...Object.keys(workerEnvironment()),
    ...['LOG_LEVEL', 'HTTP_PORT', 'PUBLIC_BASE_URL', 'WEBHOOK_SIGNATURE_REQUIRED'],
    ...['WEBHOOK_SECRET_KEY', 'WEBHOOK_SECRET_KEY_PREVIOUS', 'DEV_API_KEYS', 'SSL_CERT_FILE'],
    ...['SMTP_TLS', 'SMTP_EHLO_NAME'],
    ...['SMTP_MAX_PER_SECOND', 'TEMPORAL_RETENTION', 'TEMPORAL_TLS', 'TEMPORAL_API_KEY'],
    ...['RESEND_WINDOW', 'GIVE_UP_AFTER', 'SMTP_UNCERTAIN_POLICY', 'ADMIN_API_TOKEN'],
    ...['SWEEP_AFTER', 'WATCH_GIVE_UP'],
    ...['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
    ...['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'TEMPORAL_TLS_SERVER_CA_CERT_DATA'],
  ];
  const LOADS = [
    loadApiConfig,
    loadWorkerConfig,
    loadSetupConfig,
    loadOperatorConfig,
    loadWatchConfig,
  ];

  it.each([
    'hunter2',
    'hunter2 {hunter2}',
    '{"hunter2":1}',
    '["hunter2"',
    'https://hunter2@x.example/?hunter2#hunter2',
    'hunter2@hunter2@x.example',
    'hunter2\n',
  ])('holds nothing of any value, were it %j', (value) => {
    const plain = Object.fromEntries(NAMES.map((name) => [name, value]));
    const files = Object.fromEntries(NAMES.map((name) => [`${name}_FILE`, `/nowhere/${value}`]));

    for (const load of LOADS) {
      for (const environment of [plain, files, { ...plain, ...files }]) {
        const faults = faultsOf(() => load(environment));

        expect(faults.join('\n')).not.toContain('hunter2');
      }
    }
  });
});
