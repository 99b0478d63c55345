import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createTemporalClient } from '../../src/temporal/client';
import { inTime } from '../../src/temporal/in-time';

/** Longer than the deadline by far; without one, nothing would end the wait. */
const PROMPT_MS = 15_000;

let silent: Server;
beforeAll(async () => {
  silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => silent.close());

describe('inTime', () => {
  it('rejects when Temporal has accepted the connection and does not answer', async () => {
    const { port } = silent.address() as AddressInfo;
    const address = `127.0.0.1:${port}`;
    const config = { connectionOptions: { address }, namespace: 'default', taskQueue: 'any' };
    const client = createTemporalClient(config);
    const begun = performance.now();

    const answer = inTime(client, () => client.workflow.getHandle('any').describe());

    await expect(answer).rejects.toMatchObject({ cause: { code: 4 } });
    expect(performance.now() - begun).toBeLessThan(PROMPT_MS);
    await client.connection.close();
  });
});
