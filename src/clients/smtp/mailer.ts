import type { NodemailerError } from 'nodemailer';
import { turnTimeoutMs } from '../../../workflows/core/send-timeout';
import type { Mail } from '../../../activities/mail/mail';
import type { Mailer, SmtpStep, Verdict } from '../../../activities/send/mailer';
import { speaksOfRate } from '../../../activities/send/retry-delay';
import { afterRunning } from './after-running';
import { type AttemptLimits, limitAttempt } from './attempt-limits';
import { type ComposedMessage, composeMessage } from './compose-message';
import { connectionOptions, type SmtpConfig } from './connection-options';
import { createConnectionLimit } from './connection-limit';
import { CONNECTION_LIMITS, createKeptConnections } from './kept-connections';
import { maskReply } from './mask-reply';
import {
  createRelayConnection,
  type Ended,
  QUIT_CODE,
  type RelayConnection,
} from './relay-connection';
import { replyCode } from './reply-code';
import { SMTP_TIMEOUTS } from './timeouts';
import { createTurns } from './turns';
import { toVerdict } from './verdict';

const NO_SMTPUTF8 =
  'the relay does not offer SMTPUTF8, which a non-ASCII address needs: use one that does';
/** A kept connection that takes no command for this part of the time before the body counts as dead. */
const KEPT_SHARE = 1 / 3;
/** The relay closes the connection, or is out of step: the next connection is not. */
const CONNECTION_CODES = new Set([421, 503]);
const BEFORE_MAIL = new Set<SmtpStep>(['ehlo', 'starttls', 'auth']);

export interface RelayMailer extends Mailer {
  /** Says QUIT to the relay; call it when no mail is being sent. */
  close(): Promise<void>;
}

interface Attempt {
  mail: Mail;
  message: ComposedMessage;
  beforeFinalDot: () => Promise<void>;
  limits: AttemptLimits;
}

interface Attempted {
  connection: RelayConnection;
  verdict: Verdict;
  /** Absent when the relay was not asked. */
  end?: Ended;
}

/** Sends mails over connections that it keeps. */
export function createMailer(config: SmtpConfig): RelayMailer {
  const { onConnection = () => {} } = config;
  const timeouts = { ...SMTP_TIMEOUTS, ...config.timeouts };
  const options = connectionOptions(config, timeouts);
  const connectionLimits = { ...CONNECTION_LIMITS, ...config.connections };
  const limit = createConnectionLimit(connectionLimits.connectionsMax);
  const turns = createTurns(limit.current, turnTimeoutMs);
  const kept = createKeptConnections(connectionLimits, turns, limit);

  async function sendOver(connection: RelayConnection, attempt: Attempt): Promise<Attempted> {
    const { mail, message, beforeFinalDot } = attempt;
    if (mail.smtpUtf8 && !connection.offers('SMTPUTF8')) {
      return { connection, verdict: { verdict: 'refused', step: 'rcpt-to', reply: NO_SMTPUTF8 } };
    }
    return judge(connection, attempt, await connection.send(message, beforeFinalDot));
  }

  function judge(connection: RelayConnection, { mail }: Attempt, end: Ended): Attempted {
    const secrets = { ...config, recipient: mail.to };
    const reply = maskReply(end.response ?? describe(end.error), secrets);
    return { connection, end, verdict: toVerdict({ ...end, reply }) };
  }

  async function overFresh(attempt: Attempt): Promise<Attempted> {
    const connection = createRelayConnection(options, config, () => onConnection('out_of_step'));
    kept.add(connection);
    attempt.limits.applyTo(connection);
    const opened = await connection.open();
    onConnection(opened.error ? 'failed' : 'opened');
    if (opened.error) return judge(connection, attempt, opened);
    return unlessOutOfStep(await sendOver(connection, attempt));
  }

  /** One connection too many: the mail goes over one that another mail is using now. */
  async function overNext(attempt: Attempt): Promise<Attempted | undefined> {
    const next = kept.next();
    attempt.limits.applyTo(next);
    const connection = await next.connection;
    return connection && overKept(attempt, connection);
  }

  /**
   * Undefined when the attempt has to be made over a fresh connection: there was no kept one, or it
   * failed before the relay asked for the message, so that nothing was submitted.
   */
  async function overKept(
    attempt: Attempt,
    connection = kept.take(),
  ): Promise<Attempted | undefined> {
    if (!connection) return undefined;
    attempt.limits.applyTo(connection);
    const cancel = afterRunning(timeouts.beforeBodyMs * KEPT_SHARE, () => {
      if (connection.hasBegunMessage() || connection.takesCommands()) return;
      connection.cut('no reply over a kept connection');
    });
    const result = await sendOver(connection, attempt).finally(cancel);
    if (attempt.limits.hasEnded() || (await isConclusive(result))) return result;
    onConnection('replaced');
    kept.drop(connection);
    // The relay counts it until it has ended.
    await connection.leave();
    return undefined;
  }

  async function sendOnce(attempt: Attempt): Promise<Attempted> {
    const result = (await overKept(attempt)) ?? (await overFresh(attempt));
    if (!result.end || !saysTooMany(result.end)) return result;
    onConnection('limited');
    kept.drop(result.connection);
    limit.lower(kept.count());
    const isOver = () => attempt.limits.hasEnded();
    if (kept.count() === 0 || result.end.body !== 'unread' || isOver()) return result;
    return (await overNext(attempt)) ?? (isOver() ? result : overFresh(attempt));
  }

  return {
    takeTurn: (stop) => turns.take(stop),

    async send(mail, stop, beforeFinalDot) {
      const message = await composeMessage(mail);
      const limits = limitAttempt(stop, timeouts);
      const attempt = { mail, message, beforeFinalDot, limits };
      const { connection, verdict } = await sendOnce(attempt).finally(() => limits.clear());
      if (verdict.verdict === 'accepted') await kept.keep(connection);
      else kept.drop(connection);
      return verdict;
    },

    close: () => kept.close(),
  };
}

/**
 * Whether the end of an attempt over a kept connection counts. After the 354, which answers nothing
 * but DATA, every reply is about this message. Before it, an extra reply to an earlier message would
 * shift those to this one; so a refusal counts if the relay answers QUIT in step. A refusal of MAIL FROM
 * is not about the recipient, and may be about the connection: too old, or with too many messages.
 */
async function isConclusive({ connection, end }: Attempted): Promise<boolean> {
  if (!end || end.body !== 'unread') return true;
  if (end.step === 'mail-from') return false;
  const code = replyCode(end.response);
  if (code === undefined || code < 400 || CONNECTION_CODES.has(code)) return false;
  return (await connection.leave()) === QUIT_CODE;
}

/**
 * Over a fresh connection a refusal of the recipient counts unless QUIT is answered with another
 * command's reply: then the 5yz was one, too. No reply to QUIT contradicts nothing: some relays close
 * without one, or make a client wait whose recipients they refuse.
 */
async function unlessOutOfStep(result: Attempted): Promise<Attempted> {
  const { connection, end, verdict } = result;
  if (verdict.verdict !== 'refused' || end?.body !== 'unread') return result;
  const code = await connection.leave();
  if (code === undefined || code === QUIT_CODE) return result;
  const reply = `the relay is out of step, with ${code} for QUIT: ${verdict.reply}`;
  return { ...result, verdict: { ...verdict, verdict: 'deferred', reply, configuration: true } };
}

/**
 * A connection that got to MAIL FROM is not one too many: a 421 is then about mails. The text does not
 * decide about the mail, only about how many connections there are.
 */
function saysTooMany({ step, response = '' }: Ended): boolean {
  if (response.startsWith('432')) return true;
  if (!response.startsWith('421')) return false;
  return step === 'greeting' || (BEFORE_MAIL.has(step) && speaksOfRate(response));
}

/** Describes a send that ended without a reply. */
function describe(error: NodemailerError | undefined): string {
  if (error?.code === 'EABORT') return error.message;
  return [error?.originalCode ?? error?.code, error?.message].filter(Boolean).join(': ');
}
