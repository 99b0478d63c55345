import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  status: number;
  retryAfter?: number;
}

/**
 * A persistent HTTP/1.1 connection for requests whose bytes were prepared in advance: what the load
 * generator computes while it measures distorts the measurement.
 */
export function keepAlive(port: number) {
  let socket: Socket | undefined;

  async function ask(request: Buffer): Promise<HttpAnswer> {
    if (!socket || socket.destroyed) {
      socket = connect(port, '127.0.0.1').setNoDelay(true);
      await once(socket, 'connect');
    }
    const answer = nextAnswer(socket);
    socket.write(request);
    return answer;
  }

  return { ask, close: () => socket?.destroy() };
}

function nextAnswer(socket: Socket): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onClose = (): void => reject(new Error('the connection was closed before an answer'));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const answer = parseAnswer(text);
      if (!answer) return;
      socket.off('data', onData).off('close', onClose);
      if (answer.close) socket.destroy();
      resolve(answer);
    };
    socket.on('data', onData).once('close', onClose);
  });
}

/** Undefined until the answer is complete. */
export function parseAnswer(text: string): (HttpAnswer & { close: boolean }) | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1];
  if (text.length < end + 4 + Number(header('content-length') ?? 0)) return undefined;
  const retryAfter = header('retry-after');
  return {
    status: Number(head.slice(9, 12)),
    close: header('connection') === 'close',
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
  };
}
