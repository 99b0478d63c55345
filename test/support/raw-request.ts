import { once } from 'node:events';
import { connect } from 'node:net';
import { openRecord } from './record';

export type RawConnection = Awaited<ReturnType<typeof rawConnection>>;

/** A client's side of a connection, byte by byte. It closes its side only when told to. */
export async function rawConnection(port: number, host = '127.0.0.1') {
  const socket = connect({ port, host, allowHalfOpen: true });
  const record = openRecord('answers');
  let received = '';
  let over = false;
  const ended = new Promise<void>((resolve) => {
    socket.once('end', resolve).once('close', resolve);
  }).then(() => (over = true));
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.once('close', () => record(`${received}\n`));
  // A connection that was cut shows in what was received.
  socket.on('error', () => {});
  await once(socket, 'connect');

  return {
    send: (data: string | Buffer) => void socket.write(data),
    /** Sends and tells whether the system has taken it all, within `milliseconds`. */
    flushed: (data: Buffer, milliseconds = 500) =>
      new Promise<boolean>((resolve) => {
        const late = setTimeout(() => resolve(false), milliseconds);
        socket.write(data, () => {
          clearTimeout(late);
          resolve(true);
        });
      }),
    /** What was received as soon as it matches. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(received)) {
        if (over) throw new Error(`The connection ended after: ${received}`);
        await Promise.race([once(socket, 'data'), ended]);
      }
      return received;
    },
    /** All that was received when the server has ended its side. */
    async ended(): Promise<string> {
      await ended;
      return received;
    },
    close: () => void socket.destroy(),
  };
}

/** Request line and headers, and the blank line after them. */
export function head(requestLine: string, headers: string[] = []): string {
  return [`${requestLine} HTTP/1.1`, 'Host: test', ...headers, '', ''].join('\r\n');
}
