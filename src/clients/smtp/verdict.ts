import type { NodemailerError } from 'nodemailer';
import type { SmtpStep, Verdict } from '../../../activities/send/mailer';
import { causeOf } from './cause';
import { reactionTo } from './reaction';
import { replyCode } from './reply-code';

/** The facts by which `toVerdict` decides. */
export interface SendEnd {
  /** How much of the message was sent; `ended` includes the final dot. */
  body: 'unread' | 'partial' | 'ended';
  step: SmtpStep;
  /** The reply that ended the send, if a reply did. */
  response?: string;
  error?: Pick<NodemailerError, 'code' | 'originalCode' | 'command' | 'timeoutType'>;
  /** `response`, or a description of the error, safe for logs. */
  reply: string;
}

/** nodemailer's codes for temporary failures of the network or the relay. */
const TEMPORARY = new Set(['EABORT', 'ECONNECTION', 'ETIMEDOUT']);
/** nodemailer's codes for failures below SMTP; the system's code tells more. */
const BELOW_SMTP = new Set(['ESOCKET', 'ETLS', 'EDNS']);
const TEMPORARY_SYSTEM_CODES = new Set([
  undefined,
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ETIMEOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'EAI_AGAIN',
  'ESERVFAIL',
]);

/** Decides by the phase, then by the code (RFC 5321 §4.2.1, §6.1), never by the text. */
export function toVerdict({ body, step, response, error, reply }: SendEnd): Verdict {
  const code = replyCode(response);
  if (body === 'ended') {
    if (!error && code !== undefined && code < 300) return { verdict: 'accepted', reply };
    if (code === undefined || code < 400) return { verdict: 'ambiguous', reply };
    return verdictByReply({ step: 'final-reply', code, response, reply });
  }
  // Requires that nodemailer names RCPT TO: a line before the connection closed may be the reply to
  // the previous command.
  if (body === 'unread' && code !== undefined && code >= 400 && error?.command === 'RCPT TO') {
    return verdictByReply({ step: 'rcpt-to', code, response, reply });
  }
  const cause = causeOf({ step, code, response, error });
  return {
    verdict: 'deferred',
    step: body === 'partial' ? 'body' : step,
    ...(code !== undefined && { code }),
    ...(cause !== undefined && { cause }),
    reply,
    configuration: needsRepair({ step, code, response, error }),
  };
}

interface Reply extends Pick<SendEnd, 'step' | 'response' | 'reply'> {
  code: number;
}

/** For a negative reply to RCPT TO or to the message. */
function verdictByReply({ step, code, response = '', reply }: Reply): Verdict {
  const reaction = reactionTo(step, code, response);
  if (reaction === 'refuse') return { verdict: 'refused', step, code, reply };
  const cause = causeOf({ step, code, response });
  return { verdict: 'deferred', step, code, cause, reply, configuration: reaction === 'hold' };
}

/** Whether a person must act: the relay, the network or the configuration has to change. */
function needsRepair({
  step,
  code,
  response,
  error,
}: Pick<SendEnd, 'step' | 'response' | 'error'> & { code?: number }) {
  if (code !== undefined) {
    return code < 400 || code >= 500 || reactionTo(step, code, response ?? '') === 'hold';
  }
  if (response !== undefined) return true;
  if (error?.code && TEMPORARY.has(error.code)) return false;
  if (error?.code && BELOW_SMTP.has(error.code)) {
    return !TEMPORARY_SYSTEM_CODES.has(error.originalCode);
  }
  return true;
}
