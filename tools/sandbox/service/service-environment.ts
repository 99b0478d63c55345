import type { Provider } from '../provider/provider';
import type { Relay } from '../relay/relay';

export interface Surroundings {
  temporal: { address: string; namespace?: string };
  postgres: { url: string };
  relay: Pick<Relay, 'host' | 'port' | 'username' | 'password' | 'caFile'>;
  provider: Pick<Provider, 'baseUrl' | 'adminKey'>;
  webhookSecret: string;
  /** The key of the users' tokens. */
  jwtSecret?: string;
  taskQueue?: string;
}

/** The variables of README's table, for these surroundings. */
export function serviceEnvironment(surroundings: Surroundings): Record<string, string> {
  const { temporal, postgres, relay, provider, webhookSecret, jwtSecret, taskQueue } = surroundings;
  return {
    LOG_LEVEL: 'info',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace ?? 'default',
    TEMPORAL_TASK_QUEUE: taskQueue ?? '',
    DATABASE_URL: postgres.url,
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    WEBHOOK_SECRET_KEY: webhookSecret,
    WEBHOOK_SIGNATURE_REQUIRED: 'true',
    SUPABASE_JWT_SECRET: jwtSecret ?? '',
    EMAIL_API_BASE_URL: provider.baseUrl,
    EXTERNAL_API_ADMIN_KEY: provider.adminKey,
    SMTP_SERVER: relay.host,
    SMTP_PORT: String(relay.port),
    SMTP_USERNAME: relay.username,
    SMTP_PASSWORD: relay.password,
    SMTP_STARTTLS_REQUIRED: 'true',
    SSL_CERT_FILE: relay.caFile,
    SMTP_FROM_EMAIL: 'notifications@boltroute.example',
    SMTP_FROM_NAME: 'BoltRoute',
    SMTP_REPLY_TO: 'support@boltroute.example',
    BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED: 'Verification of {file_name} is complete',
    BULK_UPLOAD_EMAIL_BODY_COMPLETED:
      'Hello,\\n\\nall {email_count} addresses in {file_name} have been verified.\\nThe results are on your dashboard.\\n\\nBoltRoute',
    BULK_UPLOAD_EMAIL_SUBJECT_FAILED: 'Verification of {file_name} failed',
    BULK_UPLOAD_EMAIL_BODY_FAILED:
      'Hello,\\n\\nthe {email_count} addresses in {file_name} could not all be verified.\\nPlease upload the file again.\\n\\nBoltRoute',
  };
}
