import type { Socket } from 'node:net';

const REPLY_MAX_CHARS = 64 * 1024;
/** Every line of a reply but the last has a hyphen after the code; what is no reply ends it too. */
const CONTINUED = /^\d{3}-/;

export type SmtpSession = ReturnType<typeof createSmtpSession>;

/** Commands and replies over one socket, one at a time; lines of a reply are joined by `\n`. */
export function createSmtpSession(socket: Socket) {
  const lines: string[] = [];
  let rest = '';
  let end: Error | undefined;
  let notify = (): void => {};

  const onData = (text: string): void => {
    const parts = (rest + text).split('\n');
    rest = (parts.pop() ?? '').slice(0, REPLY_MAX_CHARS);
    lines.push(...parts.map((line) => line.replace(/\r$/, '')));
    notify();
  };
  const onEnd = (err?: Error): void => {
    end ??= err instanceof Error ? err : closed();
    notify();
  };
  socket.setEncoding('utf8').on('data', onData);
  socket
    .on('error', onEnd)
    .on('end', onEnd)
    .on('close', () => onEnd());

  /** The next complete reply; rejects when the connection ends, or after `timeoutMs` without one. */
  async function read(timeoutMs: number): Promise<string> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const last = lines.findIndex((line) => !CONTINUED.test(line));
      if (last >= 0) return lines.splice(0, last + 1).join('\n');
      if (lines.join('\n').length > REPLY_MAX_CHARS) return lines.splice(0).join('\n');
      if (end) throw end;
      await changed(deadline - performance.now());
    }
  }

  function changed(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timeout()), Math.max(ms, 0));
      notify = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    read,
    send(line: string, timeoutMs: number): Promise<string> {
      if (!end) socket.write(`${line}\r\n`);
      return read(timeoutMs);
    },
    /** Leaves the socket to the TLS handshake, and drops what came in clear after the reply. */
    detach(): Socket {
      socket.off('data', onData);
      lines.length = 0;
      return socket;
    },
  };
}

function closed(): Error {
  return Object.assign(new Error('the relay closed the connection'), { code: 'ECONNRESET' });
}

function timeout(): Error {
  return Object.assign(new Error('no reply in time'), { code: 'ETIMEDOUT' });
}
