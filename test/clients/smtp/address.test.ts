import { dnsCache } from 'nodemailer/lib/shared';
import { createMailer } from '../../../src/clients/smtp/mailer';
import { claimed, mailTo } from '../../support/mail-to';
import { startRecordingRelay } from '../../support/recording-relay';

const never = new AbortController().signal;

describe('send', () => {
  it('connects to the new address of a relay with the next attempt', async () => {
    const relay = await startRecordingRelay();
    const mailer = createMailer({
      host: 'localhost',
      port: relay.port,
      username: 'mailer',
      password: 'secret',
      tls: 'starttls',
      caCertificates: [relay.ca],
      ehloName: 'notify.sender.example',
    });
    const send = () => mailer.send(mailTo('jane@example.org'), never, claimed);
    const goneAddress = { addresses: ['127.0.0.9'] };
    dnsCache.set('localhost', { value: goneAddress, expires: Date.now() + 300_000 });
    try {
      expect(await send()).toMatchObject({ verdict: 'deferred', step: 'connect' });
      // It comes to the relay, whose certificate is for another name.
      expect(await send()).toMatchObject({ step: 'starttls' });
    } finally {
      await relay.close();
    }
  });
});
