import type { Client } from '@temporalio/client';
import { pendingActivities, waitsForRetry } from '../../tools/sandbox/temporal/pending-activities';
import { workflowId } from '../../workflows/core/workflow-id';
import { fetch } from '../support/recorded-fetch';
import { retryAllNow, retryNow } from '../support/retry-now';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';

const COUNT = 20;
const REFUSAL = { step: 'rcpt-to', code: 550, text: '5.1.1 recipient rejected' } as const;
const WHY = 'rcpt-to: the relay refuses every recipient alike, 5 in a row';

let surroundings: Surroundings;
let client: Client;

beforeAll(async () => {
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
});
afterAll(() => Promise.all([surroundings.close(), client.connection.close()]));

const handleOf = (id: string) => client.workflow.getHandle(id);

async function runsByState(ids: string[]) {
  const runs = await Promise.all(ids.map((id) => handleOf(id).describe()));
  const isWaiting = runs.map(({ raw }) => (raw.pendingActivities ?? []).some(waitsForRetry));
  return {
    closed: ids.filter((_, n) => runs[n]?.status.name === 'COMPLETED'),
    waiting: ids.filter((_, n) => isWaiting[n]),
  };
}

/** Why it waits, from its details; or, if it has gone on by activities, from the pending one. */
async function whyOf(id: string): Promise<string> {
  const query = handleOf(id).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  const pending = await pendingActivities(client, { workflowId: id });
  const failures = pending.map(({ lastFailure }) => lastFailure?.message);
  return [(await query).currentDetails, ...failures].join('\n');
}

describe('a relay that refuses everyone alike', () => {
  it('costs five of 20 notifications at once; the rest is mailed when it is repaired', async () => {
    // given
    const { relay } = surroundings;
    relay.answer({ ...REFUSAL, times: Infinity });
    const uploads = await surroundings.addUploads(Array.from({ length: COUNT }, () => ({})));
    const ids = uploads.map(({ taskId }) => workflowId(taskId, 'completed'));
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);
    const troubles = async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${worker.port}/metrics`)).text();
      return Number(/configuration_errors_total\{part="relay"\} (\d+)/.exec(metrics)?.[1]);
    };

    // when
    await Promise.all(uploads.map(({ taskId }) => surroundings.post(api, { taskId })));
    let { closed, waiting } = await runsByState(ids);
    await until('each is parked or waits', async () => {
      ({ closed, waiting } = await runsByState(ids));
      return closed.length + waiting.length === COUNT;
    });

    // then
    expect(closed).toHaveLength(5);
    for (const id of closed)
      expect(await handleOf(id).result()).toMatchObject({ reason: 'refused' });
    for (const id of waiting) {
      const why = await whyOf(id);
      expect(why).toContain(WHY);
      expect(why).toContain('Check SMTP_FROM_EMAIL and the account');
    }
    const alerts = await troubles();
    expect(alerts).toBeGreaterThanOrEqual(COUNT - 5);

    // when it is repaired, and the first mail is to an address that really does not exist
    const [unknown = '', ...others] = waiting;
    const { address } = uploads[ids.indexOf(unknown)]!;
    relay.answerNormally();
    relay.answer({ ...REFUSAL, to: address!, times: Infinity });
    await retryNow(client, unknown, 'sendMail');
    await until('it was refused once more', async () => (await troubles()) > alerts);
    await retryAllNow(client, others, 'sendMail');
    await retryAllNow(client, [unknown], 'sendMail');

    // then
    const isMailed = (id: string) => !closed.includes(id) && id !== unknown;
    const mailed = uploads.filter((_, n) => isMailed(ids[n] ?? '')).map(({ address }) => address);
    const recipients = relay.received.flatMap(({ envelope }) => envelope.to);
    expect(recipients.sort()).toEqual(mailed.sort());
    expect(await handleOf(unknown).result()).toMatchObject({ reason: 'refused' });
  });
});
