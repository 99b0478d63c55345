import { join } from 'node:path';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { persistently } from '../support/persistently';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { untilFound } from '../support/until-found';

const ACCEPTED = 'bulk_upload_notification.accepted';

let surroundings: Surroundings;

beforeEach(async () => {
  surroundings = await startSurroundings();
});
afterEach(() => surroundings.close());

describe('SIGTERM', () => {
  it('lets the worker finish a send whose body has begun', async () => {
    const { relay } = surroundings;
    const { taskId } = await surroundings.addUpload();
    const hold = relay.hold('final-reply');
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);

    await surroundings.post(api, { taskId });
    await hold.reached;
    const stopped = worker.stop();
    await until('it stops', () => worker.lines.some(({ event }) => event === 'worker.stopping'));
    hold.release();
    await stopped;

    expect(await worker.exited).toBe(0);
    expect(relay.received).toHaveLength(1);
    expect(worker.lines.map(({ event }) => event)).toContain('bulk_upload_notification.email_sent');
  });

  it('lets the worker say QUIT over the one connection of its ten mails', async () => {
    const { relay } = surroundings;
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);

    for (const { taskId } of await surroundings.addUploads(
      Array.from({ length: 10 }, () => ({})),
    )) {
      expect(await surroundings.notify(api, { taskId })).toMatchObject({ state: 'sent' });
    }
    const stoppedAt = performance.now();
    await worker.stop();

    expect(await worker.exited).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    expect(relay.received).toHaveLength(10);
    expect(relay.connections()).toBe(1);
  });

  it('stops a send that has submitted nothing, which another worker then makes', async () => {
    const { relay } = surroundings;
    const { taskId } = await surroundings.addUpload();
    const hold = relay.hold('greeting');
    const [api, worker] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker'),
    ]);

    await surroundings.post(api, { taskId });
    await hold.reached;
    await worker.stop();
    hold.release();
    await surroundings.start('worker');

    expect(await worker.exited).toBe(0);
    await relay.waitForMail(1);
    expect(relay.received).toHaveLength(1);
  });

  it('stops a worker that is still starting', async () => {
    const hook = join(__dirname, '../support/stop-at-listen.cjs');

    const worker = await surroundings.start('worker', { NODE_OPTIONS: `--require=${hook}` });

    expect(await worker.exited).toBe(0);
    expect(worker.lines.map(({ event }) => event)).toContain('worker.stopped');
  });

  it('lets the API finish the answer that is under way', async () => {
    const [api] = await Promise.all([surroundings.start('api'), surroundings.start('worker')]);

    const { answer, hold } = await answerUnderWay(api);
    const stopped = api.stop();
    await until('it stops', () => api.lines.some(({ event }) => event === 'api.stopping'));
    hold.release();

    expect(await answer).toMatchObject({ status: 200, body: { processed: true } });
    await stopped;
    expect(await api.exited).toBe(0);
  });

  it('is announced by /readyz while the API still takes webhooks, for SHUTDOWN_DELAY', async () => {
    const { taskId } = await surroundings.addUpload();
    const api = await surroundings.start('api', { SHUTDOWN_DELAY: '5m' });
    const readiness = () => fetch(`http://127.0.0.1:${api.port}/readyz`);
    const before = await persistently(readiness);
    await before.arrayBuffer();

    void api.stop();
    await until('it stops', () => api.lines.some(({ event }) => event === 'api.stopping'));
    const after = await readiness();
    const webhook = await surroundings.post(api, { taskId });

    expect(before.status).toBe(200);
    expect([after.status, after.headers.get('Connection')]).toEqual([503, 'close']);
    expect(await after.json()).toEqual({
      status: 'not ready',
      // A slow Temporal is another reason.
      checks: expect.arrayContaining(['The process is stopping']) as string[],
    });
    expect(webhook).toMatchObject({ status: 200, body: { received: true } });
  });

  it('ends the API after SHUTDOWN_DELAY', async () => {
    const api = await surroundings.start('api', { SHUTDOWN_DELAY: '1s' });

    const begun = performance.now();
    await api.stop();

    // The timers of two processes may differ by a few milliseconds.
    expect(performance.now() - begun).toBeGreaterThan(990);
    await expect(fetch(`http://127.0.0.1:${api.port}/readyz`)).rejects.toThrow('fetch failed');
    expect(await api.exited).toBe(0);
  });
});

/**
 * The answer to the webhook of an upload, which waits for its mail, and the mail's hold. If Temporal was
 * too slow for it, another upload follows.
 */
function answerUnderWay(api: ServiceProcess) {
  return untilFound('an answer under way', async () => {
    const { taskId } = await surroundings.addUpload();
    const hold = surroundings.relay.hold('final-reply');
    const ofUpload = workflowId(taskId, 'completed');
    let isOver = false;
    const answer = surroundings
      .postOnce(api, { taskId }, { Prefer: 'wait=20' })
      .finally(() => (isOver = true));
    const isAccepted = () =>
      api.lines.some(({ event, workflow_id: id }) => event === ACCEPTED && id === ofUpload);
    await until('it is accepted, or answered', () => isOver || isAccepted());
    if (!isOver) return hold.reached.then(() => ({ answer, hold }));
    hold.release();
    return undefined;
  });
}
