import type { NodemailerError } from 'nodemailer';
import type { SmtpStep, Verdict } from '../../../activities/send/mailer';
import { causeOf } from './cause';
import { replyCode } from './reply';
import { reactionTo } from './reply-table';

/** How a send ended: facts only, so that the judgement below can be read and tested alone. */
export interface SendEnd {
  /** How much of the message went into the connection; `ended` includes the final dot. */
  body: 'unread' | 'partial' | 'ended';
  step: SmtpStep;
  /** The relay's last words, if it is they that ended the send. */
  response?: string;
  error?: Pick<NodemailerError, 'code' | 'originalCode' | 'command' | 'timeoutType'>;
  /** `response`, or what else happened, fit for logs. */
  reply: string;
}

/** nodemailer's codes for an end that the network or the relay's load explains. */
const PASSING = new Set(['EABORT', 'ECONNECTION', 'ETIMEDOUT']);
/** Its codes for trouble below SMTP, which the system's own code explains further. */
const BELOW_SMTP = new Set(['ESOCKET', 'ETLS', 'EDNS']);
const PASSING_SYSTEM_CODES = new Set([
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

/** The phase decides first, the code second (RFC 5321 §4.2.1, §6.1), the text never. */
export function toVerdict({ body, step, response, error, reply }: SendEnd): Verdict {
  const code = replyCode(response);
  if (body === 'ended') {
    if (!error && code !== undefined && code < 300) return { verdict: 'accepted', reply };
    if (code === undefined || code < 400) return { verdict: 'ambiguous', reply };
    return judge({ step: 'final-reply', code, response, reply });
  }
  // Only nodemailer's word that this is the answer to RCPT TO counts: a line cut off by a closed
  // connection may belong to the command before.
  if (body === 'unread' && code !== undefined && code >= 400 && error?.command === 'RCPT TO') {
    return judge({ step: 'rcpt-to', code, response, reply });
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

/** A negative reply to the recipient or to the message. */
function judge({ step, code, response = '', reply }: Reply): Verdict {
  const reaction = reactionTo(step, code, response);
  if (reaction === 'refuse') return { verdict: 'refused', step, code, reply };
  const cause = causeOf({ step, code, response });
  return { verdict: 'deferred', step, code, cause, reply, configuration: reaction === 'hold' };
}

/** Whether waiting alone cannot help: the relay, the network's rules or our configuration must change. */
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
  if (error?.code && PASSING.has(error.code)) return false;
  if (error?.code && BELOW_SMTP.has(error.code)) {
    return !PASSING_SYSTEM_CODES.has(error.originalCode);
  }
  return true;
}
