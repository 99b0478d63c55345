import { createHmac, randomUUID } from 'node:crypto';
import { providerTime } from './provider-time';
import { verificationJob, type Judgement } from './verification-job';

export interface SignedWebhookOptions {
  taskId?: string;
  /** Left out by default, as in most of the provider's webhooks. */
  uploadId?: string;
  userId?: string;
  /** Addresses in the file: `invalid` of them do not exist, `failed` could not be checked. */
  total?: number;
  invalid?: number;
  failed?: number;
  completedAt?: Date;
  /** Left out: there is no signature header. */
  secret?: string;
}

export interface SignedWebhook {
  body: Buffer<ArrayBuffer>;
  headers: Record<string, string>;
}

/** The completion webhook of a task as the provider sends it; the same options give the same body. */
export function signedWebhook({
  taskId = '550e8400-e29b-41d4-a716-446655440000',
  uploadId,
  userId,
  total = 3,
  invalid = 0,
  failed = 0,
  completedAt = new Date(),
  secret,
}: SignedWebhookOptions = {}): SignedWebhook {
  const time = providerTime(completedAt);
  const judge = (index: number): Judgement =>
    index < failed ? 'failed' : index < failed + invalid ? 'invalid' : 'valid';

  const body = Buffer.from(
    JSON.stringify({
      event_type: 'email_verification_completed',
      task_id: taskId,
      upload_id: uploadId,
      completed_at: time,
      data: {
        user_id: userId,
        stats: {
          total,
          pending: 0,
          processing: 0,
          completed: total - failed,
          failed,
          valid: total - failed - invalid,
          invalid,
        },
        jobs: Array.from({ length: total }, (_, i) => verificationJob(taskId, i, judge(i), time)),
      },
    }),
  );
  return { body, headers: webhookHeaders(body, secret) };
}

/** The headers of a body; without a secret they have no signature. */
export function webhookHeaders(body: Buffer, secret?: string): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': 'EmailVerification/1.0',
    'X-Webhook-ID': randomUUID(),
    'X-Webhook-Timestamp': String(Math.floor(Date.now() / 1000)),
  };
  if (secret !== undefined) {
    const hmac = createHmac('sha256', secret).update(body).digest('hex');
    headers['X-Webhook-Signature'] = `sha256=${hmac}`;
  }
  return headers;
}
