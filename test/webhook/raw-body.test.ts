import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBodyReader } from '../../src/webhook/raw-body';
import { head, rawConnection } from '../support/raw-request';

describe('readBody', () => {
  it('rejects with 503 when the body does not arrive in time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connection = await rawConnection((server.address() as AddressInfo).port);
    const { readBody } = createBodyReader({ limits: { timeoutMs: 50, windowMs: 50 } });

    connection.send(`${head('POST /', ['Content-Length: 10'])}{`);
    const [request] = (await once(server, 'request')) as [IncomingMessage];
    const reading = readBody(request);

    await expect(reading).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      headers: { 'Retry-After': '5' },
    });
    connection.close();
    server.close();
    await once(server, 'close');
  });
});
