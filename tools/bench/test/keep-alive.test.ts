import { keepAlive, parseAnswer } from '../instruments/keep-alive';
import { listenHttp } from '../../sandbox/network/listen-http';

const REQUEST = Buffer.from('POST / HTTP/1.1\r\nHost: bench\r\nContent-Length: 2\r\n\r\n{}');

describe('parseAnswer', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', { status: 200, close: false }],
    [
      'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\ncontent-length: 0\r\n\r\n',
      { status: 503, retryAfter: 5, close: true },
    ],
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{', undefined],
    ['HTTP/1.1 200 OK\r\nContent-Le', undefined],
  ])('of %j is %j', (text, expected) => {
    expect(parseAnswer(text)).toEqual(expected);
  });
});

describe('keepAlive', () => {
  it('reuses the connection', async () => {
    const ports = new Set<number | undefined>();
    const server = await listenHttp((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => response.end('{}'));
    });
    const connection = keepAlive(server.port);

    const answers = [await connection.ask(REQUEST), await connection.ask(REQUEST)];
    connection.close();
    await server.close();

    expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(ports.size).toBe(1);
  });

  it('rejects when the connection ends without an answer', async () => {
    const server = await listenHttp((request) => void request.socket.destroy());
    const connection = keepAlive(server.port);

    await expect(connection.ask(REQUEST)).rejects.toThrow('closed before an answer');

    await server.close();
  });
});
