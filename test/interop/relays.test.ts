import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createMailer } from '../../src/clients/smtp/mailer';
import { loadWorkerConfig } from '../../src/config/config';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { workerEnvironment } from '../support/environment';
import { claimed, mailTo } from '../support/mail-to';
import { generateCertificate } from '../../tools/sandbox/relay/certificate';
import { workflowId } from '../../workflows/core/workflow-id';
import { readLedger } from '../support/read-ledger';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';
import { startExim } from './support/exim';
import { startHaraka } from './support/haraka';
import { startPostfix } from './support/postfix';
import {
  DOMAIN,
  FULL,
  FULL_FOR_NOW,
  GREYLISTED,
  type RealRelay,
  SENDER,
  UNKNOWN,
} from './support/real-relay';
import { relayEnvironment } from './support/relay-environment';

const never = new AbortController().signal;

const relays: [string, () => Promise<RealRelay>][] = [
  ['Postfix', startPostfix],
  ['Exim', startExim],
  ['Haraka', startHaraka],
];

describe.each(relays)('%s', (_name, startRelay) => {
  let relay: RealRelay;
  let surroundings: Surroundings;
  let api: ServiceProcess;
  beforeAll(async () => {
    [relay, surroundings] = await Promise.all([startRelay(), startSurroundings()]);
    [api] = await Promise.all([
      surroundings.start('api'),
      surroundings.start('worker', relayEnvironment(relay)),
    ]);
  });
  afterAll(async () => {
    await surroundings?.close();
    await relay?.close();
  });

  const storedFor = async (address: string) =>
    (await relay.stored()).filter(({ to }) => to === address);

  it('stores each of 20 mails once', async () => {
    // given
    const emails = Array.from({ length: 20 }, () => ({ email: `owner-${randomUUID()}@${DOMAIN}` }));
    const uploads = await surroundings.addUploads(emails);

    // when
    const answers = await Promise.all(
      uploads.map(({ taskId }) => surroundings.notify(api, { taskId })),
    );
    const stored = async () =>
      (await relay.stored()).filter(({ to }) => emails.some(({ email }) => email === to));
    const hasAll = async () => (await stored()).length >= 20;
    await until('the relay has stored them', hasAll);

    // then
    expect(answers.map((status) => status?.state)).toEqual(uploads.map(() => 'sent'));
    const expected = uploads.map(({ taskId, address }) => ({
      to: address,
      messageId: `<bulk.${taskId}.completed@sender.example>`,
    }));
    const byRecipient = (a: { to: string | null }, b: { to: string | null }) =>
      String(a.to).localeCompare(String(b.to));
    expect((await stored()).sort(byRecipient)).toEqual(expected.sort(byRecipient));
  });

  it.each([
    ['is unknown', UNKNOWN],
    ['is over quota', FULL],
  ])('parks the notification as refused when the recipient %s', async (_, email) => {
    const { taskId } = await surroundings.addUpload({ email });

    const status = await surroundings.notify(api, { taskId });

    expect(status).toMatchObject({ state: 'parked', reason: 'refused' });
  });

  it('gets a greylisted mail once, when it takes it', async () => {
    // given
    const { taskId } = await surroundings.addUpload({ email: GREYLISTED });
    const answer = await surroundings.post(api, { taskId }, { Prefer: 'wait=3' });
    expect(answer.body).not.toHaveProperty('file_name');
    await until('it was put off', async () => {
      const id = workflowId(taskId, 'completed');
      const { attempts } = await readLedger(surroundings.postgres.url, id);
      return attempts.some(({ state }) => state === 'deferred');
    });
    expect(await storedFor(GREYLISTED)).toEqual([]);

    // when
    relay.endGreylisting();
    await surroundings.run('resend', taskId, 'completed');
    await until('it is stored', async () => (await storedFor(GREYLISTED)).length > 0);

    // then
    const again = await surroundings.post(api, { taskId });
    expect(again.body).toMatchObject({ reason: 'duplicate_or_not_recorded' });
    expect(await storedFor(GREYLISTED)).toHaveLength(1);
  });

  async function verdictOf(
    { to = `owner@${DOMAIN}`, from = SENDER }: { to?: string; from?: string },
    variables: Record<string, string> = {},
  ) {
    const environment = workerEnvironment({ ...relayEnvironment(relay), ...variables });
    const mailer = createMailer(loadWorkerConfig(environment).smtp);
    const mail = mailTo(to, { from: { name: 'BoltRoute', address: from } });
    return mailer.send(mail, never, claimed);
  }

  it('defers the mail when the recipient is over quota for now', async () => {
    const verdict = await verdictOf({ to: FULL_FOR_NOW });
    expect(verdict).toMatchObject({ verdict: 'deferred', code: 452, configuration: false });
  });

  it('reports a wrong password as a fault of the configuration', async () => {
    const verdict = await verdictOf({}, { SMTP_PASSWORD: 'wrong' });
    expect(verdict).toMatchObject({ verdict: 'deferred', code: 535, configuration: true });
  });

  it('reports a sender that the login may not use as a fault of the configuration', async () => {
    const verdict = await verdictOf({ from: 'somebody-else@sender.example' });
    expect(verdict).toMatchObject({ verdict: 'deferred', configuration: true });
  });

  it('reports a certificate of another authority as a fault of the configuration', async () => {
    // given
    const { cert } = await generateCertificate('127.0.0.1');
    const otherFile = `${relay.caFile}.other`;
    writeFileSync(otherFile, cert);

    // when
    const verdict = await verdictOf({}, { SSL_CERT_FILE: otherFile });

    // then
    expect(verdict).toMatchObject({ verdict: 'deferred', configuration: true });
    expect(verdict.reply).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('reports a certificate for another name as a fault of the configuration', async () => {
    const verdict = await verdictOf({}, { SMTP_SERVER: 'localhost' });
    expect(verdict).toMatchObject({ verdict: 'deferred', configuration: true });
    expect(verdict.reply).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});
