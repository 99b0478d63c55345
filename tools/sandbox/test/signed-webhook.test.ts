import { createHmac } from 'node:crypto';
import { signedWebhook } from '../provider/signed-webhook';

const TASK_ID = '8c2f4b1e-6c55-4b5e-9b57-2d3c1f0a7e90';

const parse = ({ body }: { body: Buffer }) =>
  JSON.parse(body.toString()) as {
    data: { stats: Record<string, number>; jobs: { status: string; email: { status: string } }[] };
  };

describe('signedWebhook', () => {
  it('has the provider’s envelope', () => {
    const completedAt = new Date('2026-02-11T09:30:05.123Z');

    const event = parse(signedWebhook({ taskId: TASK_ID, userId: 'user-1', completedAt }));

    expect(event).toMatchObject({
      event_type: 'email_verification_completed',
      task_id: TASK_ID,
      completed_at: '2026-02-11T09:30:05Z',
      data: { user_id: 'user-1', stats: { total: 3, completed: 3, failed: 0 } },
    });
    expect(event).not.toHaveProperty('upload_id');
    expect(event.data.jobs).toHaveLength(3);
  });

  it('signs the exact bytes', () => {
    const { body, headers } = signedWebhook({ secret: 'a secret' });

    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': 'EmailVerification/1.0',
      'X-Webhook-ID': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'X-Webhook-Timestamp': expect.stringMatching(/^\d{10}$/),
      'X-Webhook-Signature': `sha256=${createHmac('sha256', 'a secret').update(body).digest('hex')}`,
    });
  });

  it('has no signature without a secret', () => {
    expect(signedWebhook().headers).not.toHaveProperty('X-Webhook-Signature');
  });

  it('counts in the stats what the jobs say', () => {
    const { stats, jobs } = parse(signedWebhook({ total: 10, invalid: 3, failed: 2 })).data;

    expect(stats).toMatchObject({ total: 10, completed: 8, failed: 2, valid: 5, invalid: 3 });
    expect(jobs.filter(({ status }) => status === 'failed')).toHaveLength(2);
    expect(jobs.filter(({ email }) => email.status === 'invalid')).toHaveLength(3);
  });

  it('gives the same body again under another delivery id', () => {
    const options = { total: 5, completedAt: new Date('2026-02-11T09:30:05Z') };

    const [first, second] = [signedWebhook(options), signedWebhook(options)];

    expect(second.body).toEqual(first.body);
    expect(second.headers['X-Webhook-ID']).not.toBe(first.headers['X-Webhook-ID']);
  });

  it('is about 5.6 MB for 10,000 addresses', () => {
    const { body } = signedWebhook({ total: 10_000, invalid: 1_000 });

    expect(body.length / 1e6).toBeCloseTo(5.6, 1);
  });
});
