import { createMailer, type RelayMailer } from '../../src/clients/smtp/mailer';
import type { ConnectionEvent } from '../../src/clients/smtp/connection-options';
import { loadWorkerConfig } from '../../src/config/config';
import { workerEnvironment } from '../support/environment';
import { claimed, mailTo } from '../support/mail-to';
import { startExim } from './support/exim';
import { startPostfix } from './support/postfix';
import {
  DOMAIN,
  type RelaySettings,
  type RestartableRelay,
  SENDER,
  UNKNOWN,
} from './support/real-relay';
import { relayEnvironment } from './support/relay-environment';

const never = new AbortController().signal;

const relays = { Postfix: startPostfix, Exim: startExim };

interface Stage {
  relay: RestartableRelay;
  counts: Record<ConnectionEvent, number>;
}

async function withMailer(
  name: keyof typeof relays,
  settings: RelaySettings,
  body: (mailer: RelayMailer, stage: Stage) => Promise<void>,
): Promise<void> {
  const relay = await relays[name](settings);
  const counts = { opened: 0, failed: 0, replaced: 0, limited: 0, out_of_step: 0 };
  const mailer = createMailer({
    ...loadWorkerConfig(workerEnvironment(relayEnvironment(relay))).smtp,
    onConnection: (event) => void (counts[event] += 1),
  });
  try {
    await body(mailer, { relay, counts });
  } finally {
    await mailer.close();
    await relay.close();
  }
}

const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make);

async function send(mailer: RelayMailer, to = `owner@${DOMAIN}`) {
  const endTurn = await mailer.takeTurn(never);
  const mail = mailTo(to, { from: { name: 'BoltRoute', address: SENDER } });
  const { verdict } = await mailer.send(mail, never, claimed).finally(endTurn);
  return verdict;
}

async function sendOneByOne(mailer: RelayMailer, count: number) {
  const verdicts: string[] = [];
  for (const _ of times(count, () => 0)) verdicts.push(await send(mailer));
  return verdicts;
}

const accepted = (count: number) => times(count, () => 'accepted');

describe.each(['Postfix', 'Exim'] as const)('%s', (name) => {
  it('takes ten mails over one connection', () =>
    withMailer(name, {}, async (mailer, { counts }) => {
      expect(await sendOneByOne(mailer, 10)).toEqual(accepted(10));

      expect(counts).toEqual({ opened: 1, failed: 0, replaced: 0, limited: 0, out_of_step: 0 });
    }));

  it('takes a mail over another connection after it refused a recipient', () =>
    withMailer(name, {}, async (mailer, { counts }) => {
      const verdicts = [await send(mailer), await send(mailer, UNKNOWN), await send(mailer)];

      expect(verdicts).toEqual(['accepted', 'refused', 'accepted']);
      expect(counts).toEqual({ opened: 2, failed: 0, replaced: 0, limited: 0, out_of_step: 0 });
    }));

  it('takes the next mail at once when it was restarted between the two', () =>
    withMailer(name, {}, async (mailer, { relay }) => {
      expect(await send(mailer)).toBe('accepted');
      await relay.restart();

      expect(await send(mailer)).toBe('accepted');
    }));
});

it('Postfix that takes two connections of a client takes ten mails at once', () =>
  withMailer('Postfix', { smtpd_client_connection_count_limit: 2 }, async (mailer, { counts }) => {
    const verdicts = await Promise.all(times(10, () => send(mailer)));

    expect(verdicts).toEqual(accepted(10));
    expect(counts.limited).toBeGreaterThan(0);
  }));

it('Postfix that takes three connections a minute takes ten mails', () =>
  withMailer('Postfix', { smtpd_client_connection_rate_limit: 3 }, async (mailer) => {
    expect(await sendOneByOne(mailer, 10)).toEqual(accepted(10));
  }));

it('Exim that takes three mails over a connection takes ten without a pause', () =>
  withMailer('Exim', { smtp_accept_max_per_connection: 3 }, async (mailer, { counts }) => {
    expect(await sendOneByOne(mailer, 10)).toEqual(accepted(10));

    expect(counts).toEqual({ opened: 4, failed: 0, replaced: 3, limited: 0, out_of_step: 0 });
  }));
