import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { NodemailerError } from 'nodemailer';
import type { SmtpStep } from '../../../activities/send/mailer';
import { causeOf } from './cause';
import { type CertificateFacts, certificateFacts } from './certificate-facts';
import { maskReply } from './mask-reply';
import { replyCode } from './reply-code';
import { createSmtpSession, type SmtpSession } from './smtp-session';
import { tlsOptions } from './tls';
import type { SmtpConfig } from './connection-options';

interface FaultFacts {
  step: SmtpStep;
  code?: number;
  cause?: string;
  reply: string;
}

/** A step that failed, in the terms of a failed send; the message is the reply, or why none came. */
export class RelayFault extends Error {
  readonly step: SmtpStep;
  readonly code: number | undefined;
  /** What `remedyFor` knows it by. */
  override readonly cause: string | undefined;

  constructor({ step, code, cause, reply }: FaultFacts) {
    super(reply);
    this.step = step;
    this.code = code;
    this.cause = cause;
  }
}

export type RelayProbe = ReturnType<typeof createRelayProbe>;

/**
 * The dialogue with a relay step by step, as a mailer with this configuration has it, up to the
 * recipient: nothing is sent. Each step rejects with a RelayFault; the texts hold no secrets.
 */
export function createRelayProbe(config: SmtpConfig, stepTimeoutMs: number) {
  const { host, port } = config;
  const { tls } = tlsOptions(config.tls, config.caCertificates);
  let socket: Socket | undefined;
  let session: SmtpSession | undefined;
  let extensions: string[] = [];
  let recipient = '';

  const mask = (text: string) => maskReply(text, { ...config, recipient });

  function fault(step: SmtpStep, response: string | undefined, err?: unknown): RelayFault {
    const { code: system, message = '' } = Object(err) as NodeJS.ErrnoException;
    const code = replyCode(response);
    const silent = step === 'greeting' && system === 'ETIMEDOUT';
    const originalCode = silent ? 'GREETING_TIMEOUT' : system;
    const error = { originalCode } as Pick<NodemailerError, 'originalCode'>;
    const cause = causeOf({ step, code, response, error });
    const reply = mask(response ?? [originalCode, message].filter(Boolean).join(': '));
    return new RelayFault({ step, code, cause, reply });
  }

  /** The reply to a line, or to the connection; any code but those of `expected` is a fault. */
  async function exchange(step: SmtpStep, line: string | undefined, expected: RegExp) {
    if (!session) throw fault(step, undefined, new Error('there is no connection'));
    const response = await (
      line === undefined ? session.read(stepTimeoutMs) : session.send(line, stepTimeoutMs)
    ).catch((err: unknown) => {
      throw fault(step, undefined, err);
    });
    if (!expected.test(response) || replyCode(response) === undefined) throw fault(step, response);
    return response;
  }

  async function secure(step: SmtpStep, plain?: Socket): Promise<CertificateFacts> {
    const secured = connectTls({
      ...(plain ? { socket: plain } : { host, port }),
      ...(isIP(host) ? { host } : { host, servername: host }),
      ...tls,
      // Its facts are shown first; nothing is sent over a connection that is not authorized.
      rejectUnauthorized: false,
    });
    await settled(secured, 'secureConnect', stepTimeoutMs).catch((err: unknown) => {
      throw fault(step, undefined, err);
    });
    socket = secured;
    const facts = certificateFacts(secured);
    if (!facts.fault) session = createSmtpSession(secured);
    return facts;
  }

  return {
    async resolve(): Promise<string[]> {
      if (isIP(host)) return [host];
      try {
        return (await lookup(host, { all: true })).map(({ address }) => address);
      } catch (err) {
        throw fault('connect', undefined, err);
      }
    },

    async connect(): Promise<void> {
      const connected = connectTcp({ host, port });
      socket = connected;
      await settled(connected, 'connect', stepTimeoutMs).catch((err: unknown) => {
        throw fault('connect', undefined, err);
      });
      if (config.tls !== 'implicit') session = createSmtpSession(connected);
    },

    /** TLS from the first byte, or after STARTTLS. A `fault` of the facts ends the dialogue. */
    async secure(): Promise<CertificateFacts> {
      if (config.tls === 'implicit') return secure('connect', socket);
      await exchange('starttls', 'STARTTLS', /^220/);
      return secure('starttls', session?.detach());
    },

    greeting: async () => mask(await exchange('greeting', undefined, /^220/)),

    /** The extensions that the relay offers. */
    async ehlo(): Promise<string[]> {
      const reply = await exchange('ehlo', `EHLO ${config.ehloName}`, /^250/);
      extensions = reply
        .split('\n')
        .slice(1)
        .map((line) => line.slice(4).trim());
      return extensions.map(mask);
    },

    offers: (name: string) =>
      extensions.some((line) => line.toUpperCase().split(/[ =]/)[0] === name),

    /** Logs in by the mechanism that a send takes, and returns its name. */
    async login(): Promise<string> {
      const offered = extensions
        .filter((line) => /^AUTH[ =]/i.test(line))
        .flatMap((line) => line.toUpperCase().split(/[ =]/));
      const login = LOGINS.find(({ mechanism }) => offered.includes(mechanism));
      if (!login) {
        const reply = 'the relay offers no AUTH PLAIN, LOGIN or CRAM-MD5';
        throw new RelayFault({ step: 'auth', cause: 'NO_AUTH', reply });
      }
      await login.converse(config, (line, expected) => exchange('auth', line, expected));
      return login.mechanism;
    },

    mailFrom: async (address: string) =>
      mask(await exchange('mail-from', `MAIL FROM:<${address}>`, /^250/)),

    async rcptTo(address: string): Promise<string> {
      recipient = address;
      return mask(await exchange('rcpt-to', `RCPT TO:<${address}>`, /^25[01]/));
    },

    /** Ends the transaction without a mail, then the connection. */
    async leave(): Promise<string> {
      const reply = await exchange('mail-from', 'RSET', /^250/);
      await session?.send('QUIT', stepTimeoutMs).catch(() => undefined);
      return mask(reply);
    },

    close: () => void socket?.destroy(),
  };
}

type Ask = (line: string, expected: RegExp) => Promise<string>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

interface Login {
  mechanism: string;
  converse: (config: SmtpConfig, ask: Ask) => Promise<unknown>;
}

/** In nodemailer's order of preference. */
const LOGINS: Login[] = [
  {
    mechanism: 'PLAIN',
    converse: ({ username, password }, ask) =>
      ask(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, /^235/),
  },
  {
    mechanism: 'LOGIN',
    async converse({ username, password }, ask) {
      await ask('AUTH LOGIN', /^334/);
      await ask(base64(username), /^334/);
      await ask(base64(password), /^235/);
    },
  },
  {
    mechanism: 'CRAM-MD5',
    async converse({ username, password }, ask) {
      const challenge = Buffer.from((await ask('AUTH CRAM-MD5', /^334/)).slice(4), 'base64');
      const digest = createHmac('md5', password).update(challenge).digest('hex');
      await ask(base64(`${username} ${digest}`), /^235/);
    },
  },
];

/** Resolves at the event; rejects with the socket's error, at its end, or after `timeoutMs`. */
async function settled(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  const limit = new AbortController();
  const late = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
  const cut = Object.assign(new Error('the relay closed the connection'), { code: 'ECONNRESET' });
  const timer = setTimeout(() => socket.destroy(late), timeoutMs);
  // An error after the step would end the process.
  socket.on('error', () => {});
  const { signal } = limit;
  try {
    await Promise.race([
      once(socket, event, { signal }),
      once(socket, 'close', { signal }).then(() => Promise.reject(cut)),
    ]);
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}
