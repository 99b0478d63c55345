import {
  loadApiConfig,
  loadOperatorConfig,
  loadSetupConfig,
  loadWorkerConfig,
} from '../../src/config/config';
import { DAY, faultsOf, padded, worker } from '../support/configuration';

describe('loadApiConfig', () => {
  it('has a default for everything', () => {
    const config = loadApiConfig({});

    expect(config).toEqual({
      logLevel: 'info',
      port: 8080,
      keepAliveTimeoutMs: 75_000,
      shutdownDelayMs: 0,
      admin: { port: 8082, host: '127.0.0.1', giveUpAfterMs: 4 * DAY },
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
});

describe('loadWorkerConfig', () => {
  it('reads every setting of a worker', () => {
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

  it('has defaults for optional settings', () => {
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
      'SMTP_REPLY_TO is missing',
      'BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED is missing',
      'BULK_UPLOAD_EMAIL_BODY_COMPLETED is missing',
      'BULK_UPLOAD_EMAIL_SUBJECT_FAILED is missing',
      'BULK_UPLOAD_EMAIL_BODY_FAILED is missing',
      'DATABASE_URL is missing',
      'EMAIL_API_BASE_URL is missing',
      'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)',
      'SMTP_SERVER is missing',
      'SMTP_PORT is missing',
      'SMTP_USERNAME is missing',
      'SMTP_PASSWORD is missing',
      'SMTP_TLS is missing (and SMTP_STARTTLS_REQUIRED)',
    ]);
  });
});

describe('loadSetupConfig', () => {
  it('names the variables that are missing', () => {
    const faults = faultsOf(() => loadSetupConfig({}));

    expect(faults).toEqual(['DATABASE_URL is missing']);
  });
});

describe('loadOperatorConfig', () => {
  it('reads what starting a run needs, as the api does', () => {
    const environment = { RESEND_WINDOW: '1d', TEMPORAL_NAMESPACE: 'mail', LOG_LEVEL: 'debug' };

    const config = loadOperatorConfig(environment);

    const { resendWindowMs, temporal, logLevel } = config;
    expect(loadApiConfig(environment)).toMatchObject({ resendWindowMs, temporal, logLevel });
    expect(config).toMatchObject({ resendWindowMs: DAY, temporal: { namespace: 'mail' } });
  });
});
