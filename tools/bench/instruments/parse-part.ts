import { createHmac } from 'node:crypto';
import { signedWebhook } from '../../sandbox/provider/signed-webhook';
import { servePart } from '../part/serve-part';

const calls = {
  /** Minimum CPU milliseconds per body, for any implementation: HMAC, decode, JSON.parse. */
  parse({ jobs, times }: { jobs: number; times: number }) {
    const { body } = signedWebhook({ total: jobs });
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) {
      createHmac('sha256', 'bench-webhook-secret').update(body).digest();
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / times;
  },
};
export type ParseCalls = typeof calls;

servePart(calls);
