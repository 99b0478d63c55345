import { loadClientConnectConfig } from '@temporalio/envconfig';
import { templateFaults } from '../../activities/mail-template';
import { readDatabase } from './read-database';
import {
  createEnvironmentReader,
  type Environment,
  type EnvironmentReader,
} from './environment-reader';
import * as value from './environment-values';
import { readSmtp } from './read-smtp';

export type ApiConfig = ReturnType<typeof loadApiConfig>;
export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;
export type ResendConfig = ReturnType<typeof loadResendConfig>;
export type SetupConfig = ReturnType<typeof loadSetupConfig>;
export type TemporalConfig = ReturnType<typeof readTemporal>;

/** What the HTTP endpoint needs. Throws a ConfigurationError that names every fault. */
export function loadApiConfig(environment: Environment = process.env) {
  const reader = createEnvironmentReader(environment);
  const publicBaseUrl = reader.read('PUBLIC_BASE_URL', value.httpUrl.optional());
  const config = {
    logLevel: readLogLevel(reader),
    port: reader.read('HTTP_PORT', value.wholeNumber(0, 65535).default(8080)),
    keepAliveTimeoutMs: reader.read('HTTP_KEEP_ALIVE_TIMEOUT', value.duration.prefault('75s')),
    shutdownDelayMs: reader.read('SHUTDOWN_DELAY', value.durationOrNone.prefault('0')),
    publicBaseUrl,
    webhookSecrets: readWebhookSecrets(reader),
    upload: readUpload(reader, publicBaseUrl),
    adminToken: reader.readSecret('ADMIN_API_TOKEN', value.bearerToken.optional()),
    ...readNotifications(reader, environment),
  };
  reader.finish();
  return config;
}

/** What `resend` and `watch` need. Throws a ConfigurationError that names every fault. */
export function loadResendConfig(environment: Environment = process.env) {
  const reader = createEnvironmentReader(environment);
  const config = { logLevel: readLogLevel(reader), ...readNotifications(reader, environment) };
  reader.finish();
  return config;
}

/** What the worker needs. Throws a ConfigurationError that names every fault. */
export function loadWorkerConfig(environment: Environment = process.env) {
  const reader = createEnvironmentReader(environment);
  const config = {
    logLevel: readLogLevel(reader),
    port: reader.read('HTTP_PORT', value.wholeNumber(0, 65535).default(8081)),
    temporal: readTemporal(reader, environment),
    database: readDatabase(reader),
    taskApi: {
      baseUrl: reader.read('EMAIL_API_BASE_URL', value.httpUrl),
      key: readTaskApiKey(reader),
    },
    smtp: readSmtp(reader),
    sender: readSender(reader),
    uncertainPolicy: reader.read('SMTP_UNCERTAIN_POLICY', value.uncertainPolicy.prefault('resend')),
    giveUpAfterMs: reader.read('GIVE_UP_AFTER', value.duration.prefault('96h')),
    recipientSource: readRecipientSource(reader),
    recipientMaxPerDay: reader.read(
      'RECIPIENT_MAX_PER_DAY',
      value.wholeNumber(0, 1_000_000).default(500),
    ),
    sendsPerSecond: reader.read('SMTP_MAX_PER_SECOND', value.positiveNumber.optional()),
  };
  reader.finish();
  return config;
}

/** What `setup` needs. Throws a ConfigurationError that names every fault. */
export function loadSetupConfig(environment: Environment = process.env) {
  const reader = createEnvironmentReader(environment);
  const config = {
    logLevel: readLogLevel(reader),
    temporal: readTemporal(reader, environment),
    database: readDatabase(reader),
    recipientSource: readRecipientSource(reader),
    retentionMs: reader.read('TEMPORAL_RETENTION', value.duration.prefault('30d')),
    sweep: readSweep(reader),
  };
  reader.finish();
  return config;
}

function readRecipientSource({ read }: EnvironmentReader) {
  return read('RECIPIENT_SOURCE', value.recipientSource.prefault('profile_first'));
}

function readSweep(reader: EnvironmentReader) {
  return {
    everyMs: reader.read('SWEEP_EVERY', value.interval.prefault('5m')),
    options: {
      sweepAfterMs: reader.read('SWEEP_AFTER', value.duration.prefault('30m')),
      resendWindowMs: readResendWindow(reader),
    },
  };
}

/** What it takes to start runs. */
function readNotifications(reader: EnvironmentReader, environment: Environment) {
  return {
    resendWindowMs: readResendWindow(reader),
    temporal: readTemporal(reader, environment),
  };
}

function readResendWindow({ read }: EnvironmentReader) {
  return read('RESEND_WINDOW', value.durationOrNone.prefault('72h'));
}

function readLogLevel({ read }: EnvironmentReader) {
  return read('LOG_LEVEL', value.logLevel.prefault('info'));
}

function readWebhookSecrets({ read, readSecret, fault }: EnvironmentReader): string[] {
  const current = readSecret('WEBHOOK_SECRET_KEY', value.verbatim.optional());
  const previous = readSecret('WEBHOOK_SECRET_KEY_PREVIOUS', value.verbatim.optional());
  const required = read('WEBHOOK_SIGNATURE_REQUIRED', value.yesOrNo.default(false));
  if (!current && required) fault('WEBHOOK_SECRET_KEY', 'is missing, and signatures are required');
  if (!current && previous) fault('WEBHOOK_SECRET_KEY', 'is missing beside the previous one');
  return [current, previous].filter((secret) => secret !== undefined);
}

/** Everything here is optional: without the provider's URL there is no upload route. */
function readUpload(reader: EnvironmentReader, publicBaseUrl: string | undefined) {
  const { read, readSecret } = reader;
  const supabase = readSupabase(reader);
  const issuer = read('SUPABASE_JWT_ISSUER', value.verbatim.optional())?.trim();
  const ownOrigins = publicBaseUrl ? [new URL(publicBaseUrl).origin] : [];
  return {
    baseUrl: read('EMAIL_API_BASE_URL', value.httpUrl.optional()),
    callbackUrl: read('BULK_UPLOAD_WEBHOOK_URL', value.callbackUrl.optional()),
    maxMegabytes: read('UPLOAD_MAX_MB', value.wholeNumber(1, 100).default(10)),
    auth: {
      jwtSecret: readSecret('SUPABASE_JWT_SECRET', value.verbatim.optional()),
      supabase,
      issuer: issuer ?? (supabase && `${supabase.url}/auth/v1`),
      cookieName: read('SUPABASE_AUTH_COOKIE_NAME', value.cookieName.optional()),
      allowedOrigins: read('UPLOAD_ALLOWED_ORIGINS', value.originList.optional()) ?? ownOrigins,
    },
  };
}

function readSupabase({ read, fault }: EnvironmentReader) {
  const url = read('SUPABASE_URL', value.httpUrl.optional());
  const anonKey = read('SUPABASE_ANON_KEY', value.bearerToken.optional());
  if (!url) return undefined;
  if (!anonKey) fault('SUPABASE_ANON_KEY', 'is missing beside SUPABASE_URL');
  return { url, anonKey: anonKey ?? '' };
}

function readTaskApiKey({ readSecret, fault }: EnvironmentReader): string {
  const adminKey = readSecret('EXTERNAL_API_ADMIN_KEY', value.verbatim.optional())?.trim();
  const [devKey] = readSecret('DEV_API_KEYS', value.keyList.default([])) ?? [];
  const key = adminKey ?? devKey;
  if (!key) fault('EXTERNAL_API_ADMIN_KEY', 'is missing (and DEV_API_KEYS has no key)');
  return key ?? '';
}

function readSender(reader: EnvironmentReader) {
  const template = (name: string) => readTemplate(reader, name);
  return {
    from: {
      name: reader.read('SMTP_FROM_NAME', value.line),
      address: reader.read('SMTP_FROM_EMAIL', value.address),
    },
    replyTo: reader.read('SMTP_REPLY_TO', value.addressList),
    templates: {
      completed: {
        subject: template('BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED'),
        body: template('BULK_UPLOAD_EMAIL_BODY_COMPLETED'),
      },
      failed: {
        subject: template('BULK_UPLOAD_EMAIL_SUBJECT_FAILED'),
        body: template('BULK_UPLOAD_EMAIL_BODY_FAILED'),
      },
    },
  };
}

function readTemplate({ read, fault }: EnvironmentReader, name: string): string {
  const template = read(name, value.verbatim);
  if (template !== undefined) templateFaults(template).forEach((text) => fault(name, text));
  return template;
}

function readTemporal({ read, readSecret, fault }: EnvironmentReader, environment: Environment) {
  const apiKey = readSecret('TEMPORAL_API_KEY', value.verbatim.optional())?.trim();
  const taskQueue = read(
    'TEMPORAL_TASK_QUEUE',
    value.verbatim.default('bulk-upload-notifications'),
  );
  // Anything but `1` and `true` would turn TLS off without a word.
  const tls = read('TEMPORAL_TLS', value.yesOrNo.optional());
  const variables = {
    ...temporalVariables(environment),
    ...(apiKey && { TEMPORAL_API_KEY: apiKey }),
    ...(tls !== undefined && { TEMPORAL_TLS: String(tls) }),
  };
  requireBoth(variables, fault);
  try {
    // Files are left out: a service is configured by its environment alone.
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      disableFile: true,
      overrideEnvVars: variables,
    });
    return { connectionOptions, namespace, taskQueue };
  } catch {
    fault('TEMPORAL_*', 'cannot be read: check the TLS variables and the files they name');
    return { connectionOptions: {}, namespace: '', taskQueue };
  }
}

function temporalVariables(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .map(([name, value = '']): [string, string] => [name, value.trim()])
      .filter(([name, value]) => name.startsWith('TEMPORAL_') && value),
  );
}

/** A client certificate without its key would be dropped without a word. */
function requireBoth(variables: Record<string, string>, fault: EnvironmentReader['fault']): void {
  const has = (part: string) =>
    [`TEMPORAL_TLS_CLIENT_${part}_PATH`, `TEMPORAL_TLS_CLIENT_${part}_DATA`].some(
      (name) => variables[name],
    );
  if (has('CERT') !== has('KEY')) {
    fault('TEMPORAL_TLS_CLIENT_CERT_PATH', 'and TEMPORAL_TLS_CLIENT_KEY_PATH go together');
  }
}
