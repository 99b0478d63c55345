import type { Environment } from '../../src/config/environment-reader';

/** The least that a worker starts with; what a test is about goes into `change`. */
export const workerEnvironment = (change: Environment = {}): Environment => ({
  DATABASE_URL: 'postgres://app:secret@db.example:5432/app',
  EMAIL_API_BASE_URL: 'https://api.example/api/v1',
  EXTERNAL_API_ADMIN_KEY: 'admin-key',
  SMTP_SERVER: 'relay.example',
  SMTP_PORT: '587',
  SMTP_USERNAME: 'mailer',
  SMTP_PASSWORD: 'secret',
  SMTP_STARTTLS_REQUIRED: 'true',
  SMTP_FROM_EMAIL: 'noreply@sender.example',
  SMTP_FROM_NAME: 'BoltRoute',
  SMTP_REPLY_TO: 'support@sender.example',
  BULK_UPLOAD_EMAIL_SUBJECT_COMPLETED: '{file_name} is ready',
  BULK_UPLOAD_EMAIL_BODY_COMPLETED: 'Hello,\\n{email_count} addresses',
  BULK_UPLOAD_EMAIL_SUBJECT_FAILED: '{file_name} failed',
  BULK_UPLOAD_EMAIL_BODY_FAILED: 'Sorry',
  ...change,
});
