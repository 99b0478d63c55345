import type { ProviderJob } from './provider-shapes';

export type Judgement = 'valid' | 'invalid' | 'failed';

const HEX_12 = 0x1000000000000;

/** Distinct for each index and the same in every run, so that a body can be sent twice. */
const uuid = (kind: string, index: number) =>
  `${kind}-52b7-4c1e-9d0f-${(HEX_12 + index).toString(16).slice(1)}`;

const EMAILS = {
  valid: { status: 'valid', smtp_response_code: '250', smtp_response_message: '2.1.5 Ok' },
  invalid: {
    status: 'invalid',
    smtp_response_code: '550',
    smtp_response_message: '5.1.1 No such user',
  },
  failed: { status: 'unknown', unknown_reason: 'smtp_connect_timeout' },
} as const;

/** One address of a task, about 565 bytes as JSON. */
export function verificationJob(
  taskId: string,
  index: number,
  judgement: Judgement,
  time: string,
): ProviderJob {
  const address = `customer.${String(index).padStart(5, '0')}@mailbox-example.com`;
  return {
    id: uuid('7d3df4c6', index),
    task_id: taskId,
    email_id: uuid('3f0a9e51', index),
    email_address: address,
    status: judgement === 'failed' ? 'failed' : 'completed',
    email: {
      id: uuid('3f0a9e51', index),
      email_address: address,
      is_role_based: false,
      is_disposable: false,
      ...EMAILS[judgement],
      validated_at: time,
    },
    created_at: time,
    updated_at: time,
  };
}
