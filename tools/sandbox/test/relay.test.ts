import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { startRelay, type Relay } from '../relay/relay';

let relay: Relay;

beforeAll(async () => {
  relay = await startRelay();
});

afterEach(() => {
  relay.answerNormally();
  relay.received.length = 0;
});

afterAll(() => relay.stop());

interface SenderOptions {
  to?: string;
  pass?: string;
  authMethod?: string;
  ca?: Buffer;
  ignoreTLS?: boolean;
}

function send(subject: string, options: SenderOptions = {}) {
  const { pass = relay.password, authMethod, ignoreTLS = false, ca, to } = options;
  const transport = createTransport({
    host: relay.host,
    port: relay.port,
    requireTLS: !ignoreTLS,
    ignoreTLS,
    tls: { ca: 'ca' in options ? ca : readFileSync(relay.caFile) },
    auth: { user: relay.username, pass },
    authMethod,
  });
  const envelope = { from: 'verifier@example.com', to: to ?? 'jane@example.com' };
  return transport.sendMail({ ...envelope, subject, text: 'Done.\n' });
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('relay', () => {
  it('keeps a mail with its envelope, user and the queue id of the 250', async () => {
    const { response } = await send('Your list is ready');

    const mail = await relay.waitForMail(1);
    expect(response).toBe(`250 2.0.0 Ok: queued as ${mail.queueId}`);
    expect(mail).toMatchObject({
      envelope: { from: 'verifier@example.com', to: ['jane@example.com'] },
      tls: true,
      user: relay.username,
    });
    expect(mail.raw.toString()).toContain('Subject: Your list is ready\r\n');
  });

  it.each(['PLAIN', 'LOGIN'])('takes AUTH %s', async (authMethod) => {
    await expect(send('hello', { authMethod })).resolves.toMatchObject({ rejected: [] });
  });

  it('answers 535 to a wrong password', async () => {
    expect(await rejection(send('hello', { pass: 'wrong' }))).toMatchObject({
      code: 'EAUTH',
      responseCode: 535,
    });
    expect(relay.received).toEqual([]);
  });

  it('takes no mail before STARTTLS', async () => {
    expect(await rejection(send('hello', { ignoreTLS: true }))).toMatchObject({
      responseCode: 530,
      response: '530 5.7.0 Must issue a STARTTLS command first',
    });
  });

  it('takes no mail before AUTH', async () => {
    const transport = createTransport({
      host: relay.host,
      port: relay.port,
      requireTLS: true,
      tls: { ca: readFileSync(relay.caFile) },
    });

    const error = await rejection(
      transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'hello' }),
    );

    expect(error).toMatchObject({
      responseCode: 530,
      response: '530 5.7.0 Authentication required',
    });
  });

  it('is not trusted without its certificate', async () => {
    expect(await rejection(send('hello', { ca: undefined }))).toMatchObject({
      originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('refuses connections while stopped, and keeps its inbox and port', async () => {
    await send('before');
    const { port, caFile } = relay;
    const ca = readFileSync(caFile);

    await relay.stop();
    expect(existsSync(caFile)).toBe(false);
    expect(await rejection(send('meanwhile', { ca }))).toMatchObject({
      originalCode: 'ECONNREFUSED',
    });

    await relay.start();
    await send('after');
    await relay.waitForMail(2);
    expect(relay.port).toBe(port);
    expect(relay.received.map(({ raw }) => /Subject: (\w+)/.exec(raw.toString())?.[1])).toEqual([
      'before',
      'after',
    ]);
  });
});

describe('relay.answer', () => {
  it.each([
    ['greeting', 554, 'EPROTOCOL'],
    ['auth', 454, 'EAUTH'],
    ['mail-from', 550, 'EENVELOPE'],
    ['rcpt-to', 450, 'EENVELOPE'],
    ['final-reply', 451, 'EMESSAGE'],
  ] as const)('answers at %s as told, as often as told', async (step, code, clientCode) => {
    relay.answer({ step, code, text: '4.2.0 not now', times: 1 });

    expect(await rejection(send('first'))).toMatchObject({ responseCode: code, code: clientCode });
    await send('second');
    expect(relay.received).toHaveLength(1);
  });

  it('answers one recipient as told, and no other', async () => {
    const refusal = { step: 'rcpt-to', code: 550, text: '5.1.1 unknown' } as const;
    relay.answer({ ...refusal, to: 'joe@example.com', times: Infinity });

    await send('to another');
    expect(await rejection(send('first', { to: 'joe@example.com' }))).toMatchObject({
      responseCode: 550,
    });
    expect(await rejection(send('second', { to: 'joe@example.com' }))).toMatchObject({
      responseCode: 550,
    });
    expect(relay.received).toHaveLength(1);
  });

  it('keeps the mail whose final reply it cuts off', async () => {
    relay.answer({ step: 'final-reply', drop: true });

    const error = await rejection(send('ambiguous'));

    expect(error).toMatchObject({ command: 'CONN' });
    expect(error).not.toHaveProperty('responseCode');
    expect(relay.received).toHaveLength(1);
  });

  it('delays an answer', async () => {
    relay.answer({ step: 'rcpt-to', delayMs: 50 });
    const start = performance.now();

    await send('slow');

    expect(performance.now() - start).toBeGreaterThan(45);
  });
});

describe('relay.hold', () => {
  it('holds the greeting until it is released', async () => {
    const { reached, release } = relay.hold('greeting');
    const sent = send('held');

    await reached;
    expect(relay.received).toEqual([]);
    release();

    await sent;
    expect(relay.received).toHaveLength(1);
  });

  it('has not queued the mail when it is stopped before its final reply', async () => {
    const { reached } = relay.hold('final-reply');
    const sent = rejection(send('lost'));

    await reached;
    await relay.stop();
    await relay.start();

    expect(await sent).not.toHaveProperty('responseCode');
    expect(relay.received).toEqual([]);
  });

  it('stops in the middle of a TLS handshake', async () => {
    const client = connect(relay.port, '127.0.0.1');
    for (const command of ['EHLO test\r\n', 'STARTTLS\r\n']) {
      await once(client, 'data');
      client.write(command);
    }
    await once(client, 'data');
    client.write(Buffer.from('1603010200010001fc0303', 'hex'));

    client.on('error', () => {});
    const closed = new Promise((resolve) => client.once('close', resolve));
    await relay.stop();
    await expect(closed).resolves.toBeDefined();
    await relay.start();
  });
});

describe('relay.waitForMail', () => {
  it('finds the mail that matches', async () => {
    const waiting = relay.waitForMail(({ raw }) => raw.includes('second'));
    await send('first');
    await send('second');

    expect((await waiting).raw.toString()).toContain('Subject: second');
  });

  it('rejects when the time is up', async () => {
    await expect(relay.waitForMail(1, 10)).rejects.toThrow('no mail number 1 in 10 ms; 0 received');
  });
});

describe('inbox', () => {
  const get = (path: string) => fetch(new URL(path, relay.inboxUrl));

  it('lists mails newest first and reloads itself', async () => {
    await send('older');
    await send('newer');

    const response = await get('/');

    const page = await response.text();
    expect(page.indexOf('newer')).toBeLessThan(page.indexOf('older'));
    expect(page).toContain('http-equiv="refresh"');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('escapes what mails hold', async () => {
    await send('<script>alert(1)</script>');
    const { queueId } = await relay.waitForMail(1);

    for (const path of ['/', `/mails/${queueId}`]) {
      const page = await (await get(path)).text();
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page).not.toContain('<script');
    }
  });

  it('shows a mail decoded and its source as received', async () => {
    await send('Grüße');
    const { queueId, raw } = await relay.waitForMail(1);

    const page = await (await get(`/mails/${queueId}`)).text();
    const source = await get(`/mails/${queueId}/raw`);

    expect(page).toContain('Grüße');
    expect(page).toContain('<pre>Done.');
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(Buffer.from(await source.arrayBuffer())).toEqual(raw);
  });

  it('gives the mails as JSON', async () => {
    await send('hello');

    const answer: unknown = await (await get('/api/messages')).json();

    expect(answer).toMatchObject({
      total: 1,
      messages: [{ subject: 'hello', to: 'jane@example.com', text: 'Done.\n', user: 'sandbox' }],
    });
  });

  it('answers 404 for a mail it does not have', async () => {
    expect((await get('/mails/none')).status).toBe(404);
  });
});
