import { remedyFor } from '../../../activities/failures/remedies';
import { createMailer } from '../../../src/clients/smtp/mailer';
import type { SmtpConfig } from '../../../src/clients/smtp/connection-options';
import { type Script, startScriptedRelay } from '../../../tools/sandbox/relay/scripted-relay';
import { say } from '../../../tools/sandbox/relay/broken-dialogues';
import { claimed, mailTo } from '../../support/mail-to';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';

async function causeAt(script: Script, config: Partial<SmtpConfig> = {}) {
  const relay = await startScriptedRelay(script, {
    certificate: await generateCertificate('127.0.0.1'),
  });
  const mailer = createMailer({
    host: '127.0.0.1',
    port: relay.port,
    username: 'mailer',
    password: 'secret',
    tls: 'none',
    caCertificates: [],
    ehloName: 'client.example',
    ...config,
  });
  const mail = mailTo('jane.doe@example.org', { text: 'Hello\n' });
  const verdict = await mailer.send(mail, new AbortController().signal, claimed);
  await relay.close();
  return 'cause' in verdict ? verdict.cause : undefined;
}

const plain = say('250 relay');
const tls = { tls: 'starttls' } as const;
const shortTimeout = { timeouts: { beforeBodyMs: 4_500 } };

describe('the cause of a deferred send', () => {
  it.each<[string, Script, Partial<SmtpConfig>, string]>([
    ['offers no STARTTLS', { ehlo: plain, starttls: say('502 what') }, tls, 'NO_STARTTLS'],
    ['offers no AUTH', { ehlo: plain, auth: say('502 what') }, {}, 'NO_AUTH'],
    ['refuses the login', { auth: say('535 5.7.8 bad credentials') }, {}, '535'],
    ['wants a login first', { mail: say('530 5.7.0 auth first') }, {}, '530'],
    ['has a certificate of its own', {}, tls, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['speaks plain text first', {}, { tls: 'implicit' }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['never greets', { connect: 'hang' }, shortTimeout, 'GREETING_TIMEOUT'],
    ['says that there are too many', { mail: say('421 4.7.0 too many connections') }, {}, 'RATE'],
    ['speaks of congestion', { rcpt: say('451 4.4.5 busy') }, {}, 'RATE'],
    ['counts connections', { auth: say('432 4.3.2 limit exceeded') }, {}, 'RATE'],
    ['has no login now', { auth: say('454 4.7.0 authentication server is away') }, {}, '454'],
    ['does not find our host', { rcpt: say('450 4.7.25 no reverse name') }, {}, 'EHLO_REFUSED'],
    ['objects to the EHLO name', { ehlo: say('421 4.7.0 Try later') }, {}, 'EHLO_REFUSED'],
    ['wants a full EHLO name', { rcpt: say('504 5.5.2 not qualified') }, {}, 'EHLO_REFUSED'],
    ['refuses the sender', { mail: say('550 5.7.1 no') }, {}, 'SENDER_REFUSED'],
    ['refuses the sender at RCPT', { rcpt: say('553 5.7.1 no') }, {}, 'SENDER_REFUSED'],
    ['does not relay', { rcpt: say('554 5.7.1 no') }, {}, 'RELAY_DENIED'],
    ['has a daily quota', { dot: say('550 5.4.5 daily limit') }, {}, 'QUOTA'],
    ['checks the domain', { dot: say('550 5.7.26 DMARC') }, {}, 'SENDER_DOMAIN'],
    ['refuses for some reason', { dot: say('554 rejected') }, {}, 'MESSAGE_HELD'],
    ['does not listen', {}, { port: 1 }, 'ECONNREFUSED'],
  ])('has a remedy when the relay %s', async (_what, script, config, expected) => {
    const cause = await causeAt(script, config);

    expect(cause).toBe(expected);
    expect(remedyFor('relay', cause)).toBeDefined();
  });
});
