import { generateCertificate } from '../../sandbox/relay/certificate';
import { pooledTransport } from '../contenders/pooled-transport';
import { startSmtpSink } from '../instruments/smtp-sink';

const MAIL = { from: 'noreply@sender.example', to: 'owner@mailbox.example', text: 'Done.\n' };

/** Sends mails one by one and returns what the sink counted. */
async function countsOf(mails: number, tls: 'starttls' | 'none') {
  const certificate = tls === 'starttls' ? await generateCertificate('127.0.0.1') : undefined;
  const sink = await startSmtpSink(() => undefined, certificate);
  const transport = pooledTransport({
    smtp: {
      host: '127.0.0.1',
      port: sink.port,
      username: 'bench',
      password: 'bench',
      tls,
      caCertificates: certificate ? [certificate.cert] : [],
      ehloName: 'notify.sender.example',
      connections: { connectionsMax: 5, messagesPerConnectionMax: 100 },
    },
  });
  for (let sent = 0; sent < mails; sent++) await transport.sendMail(MAIL);
  transport.close();
  await sink.close();
  return sink.counts();
}

describe('the pool of the simpler designs', () => {
  it.each([
    ['starttls', { connections: 1, handshakes: 1, mails: 3 }],
    ['none', { connections: 1, handshakes: 0, mails: 3 }],
  ] as const)('sends mails that follow one another over one connection (%s)', async (tls, all) => {
    expect(await countsOf(3, tls)).toEqual(all);
  });
});
