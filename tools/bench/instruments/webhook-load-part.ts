import { setTimeout as delay } from 'node:timers/promises';
import { type SignedWebhook, signedWebhook } from '../../sandbox/provider/signed-webhook';
import { boltRouteFormat } from '../../../src/webhook/boltroute-format';
import { servePart } from '../part/serve-part';
import { createArrivals } from './arrivals';
import { keepAlive } from './keep-alive';
import { atPace, type Pace } from './pace';
import { OWNER } from '../owner';

export interface WebhookLoad {
  port: number;
  secret: string;
  taskIds: string[];
  pace: Pace;
  /** Whom the webhooks name; the owner by default. */
  userId?: string;
  /** Jobs of each webhook; 3 by default. */
  jobs?: number;
}

/** The statuses that the provider retries. */
const RETRIED = new Set([429, 502, 503, 504]);

const arrivals = createArrivals();

const calls = {
  async send({ port, secret, taskIds, pace, userId = OWNER, jobs = 3 }: WebhookLoad) {
    const toRequest = (taskId: string) =>
      requestOf(signedWebhook({ taskId, userId, total: jobs, secret }));
    const requests = new Map(taskIds.map((id) => [id, toRequest(id)]));
    const idle: ReturnType<typeof keepAlive>[] = [];

    async function send(taskId: string): Promise<number> {
      const connection = idle.pop() ?? keepAlive(port);
      for (let retries = 0; ; retries++) {
        const { status, retryAfter = 1 } = await connection.ask(requests.get(taskId) as Buffer);
        if (!RETRIED.has(status)) {
          if (status !== 200) throw new Error(`the API answered ${status}`);
          idle.push(connection);
          return retries;
        }
        await delay(retryAfter * 1_000);
      }
    }

    const sent = await atPace(taskIds, pace, send, arrivals.of);
    idle.forEach((connection) => connection.close());
    return sent;
  },
  mailed: (taskId: string) => arrivals.record(taskId, Date.now()),
};
export type WebhookLoadCalls = typeof calls;

function requestOf({ body, headers }: SignedWebhook): Buffer {
  const lines = Object.entries({ ...headers, Host: 'bench', 'Content-Length': body.length });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${boltRouteFormat.path} HTTP/1.1\r\n${head}\r\n`), body]);
}

servePart(calls);
