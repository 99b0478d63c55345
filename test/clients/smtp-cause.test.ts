import { remedyFor } from '../../activities/remedies';
import { createMailer, type SmtpConfig } from '../../src/clients/smtp';
import { type Script, startScriptedRelay } from '../../sandbox/relay/scripted-relay';
import { say } from '../support/broken-dialogues';
import { claimed, mailTo } from '../support/mail-to';
import { relayCertificate } from '../support/relay-certificate';

async function causeAt(script: Script, config: Partial<SmtpConfig> = {}) {
  const relay = await startScriptedRelay(script, { certificate: await relayCertificate() });
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
const impatient = { timeouts: { beforeBody: 500 } };

describe('the cause of a deferred send', () => {
  it.each<[string, Script, Partial<SmtpConfig>, string]>([
    ['offers no STARTTLS', { ehlo: plain, starttls: say('502 what') }, tls, 'NO_STARTTLS'],
    ['offers no AUTH', { ehlo: plain, auth: say('502 what') }, {}, 'NO_AUTH'],
    ['refuses the login', { auth: say('535 5.7.8 bad credentials') }, {}, '535'],
    ['wants a login first', { mail: say('530 5.7.0 auth first') }, {}, '530'],
    ['has a certificate of its own', {}, tls, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['speaks plain text first', {}, { tls: 'implicit' }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['never greets', { connect: 'hang' }, impatient, 'GREETING_TIMEOUT'],
    ['does not listen', {}, { port: 1 }, 'ECONNREFUSED'],
  ])('at a relay that %s has a remedy', async (_what, script, config, expected) => {
    const cause = await causeAt(script, config);

    expect(cause).toBe(expected);
    expect(remedyFor('relay', cause)).toBeDefined();
  });
});
