import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { generateCertificate } from '../../tools/sandbox/relay/certificate';

export interface Received {
  from: string;
  to: string[];
  ehlo: string;
  secure: boolean;
  user: string;
  bytes: Buffer;
}

export type RecordingRelay = Awaited<ReturnType<typeof startRecordingRelay>>;

/** A real relay with STARTTLS and AUTH; it keeps what it got. */
export async function startRecordingRelay(change: SMTPServerOptions = {}) {
  const { key, cert } = await generateCertificate('127.0.0.1');
  const received: Received[] = [];
  const hooks = { beforeReply: (): void => {} };

  const server = new SMTPServer({
    // Mailers keep their connections: a close does not wait for the end of them. 0 is the default.
    closeTimeout: 1,
    key,
    cert,
    onAuth({ username, password }, _session, done) {
      if (username === 'mailer' && password === 'secret') done(null, { user: username });
      else done(new Error('bad credentials'));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          ehlo: session.hostNameAppearsAs,
          secure: session.secure,
          user: String(session.user),
          bytes: Buffer.concat(chunks),
        });
        hooks.beforeReply();
        done(null, `2.0.0 queued as ${received.length}`);
      });
    },
    ...change,
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');

  return {
    port: (listening.address() as AddressInfo).port,
    ca: cert,
    received,
    hooks,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}
