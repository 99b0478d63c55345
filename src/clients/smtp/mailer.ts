import { createTransport, type NodemailerError } from 'nodemailer';
import { dnsCache } from 'nodemailer/lib/shared';
import { parseAddress } from '../../../activities/recipient/recipient-address';
import type { Mailer, Verdict } from '../../../activities/send/mailer';
import {
  beforeBodyTimeoutMs,
  relaySilenceTimeoutMs,
  sendTimeoutMs,
} from '../../../workflows/core/send-timeout';
import { mailMessage } from './mail-message';
import { recordDialogue } from './dialogue';
import { maskReply } from './reply';
import { type Submission, watchSubmission } from './submission';
import { type TlsMode, tlsOptions } from './tls';
import { toVerdict } from './verdict';

export interface SmtpConfig {
  host: string;
  port: number;
  username: string;
  password: string;
  tls: TlsMode;
  /** PEM, one certificate each: roots to trust beside the well-known ones. */
  caCertificates: readonly string[];
  /** What EHLO names us. */
  ehloName: string;
  timeouts?: Partial<SmtpTimeouts>;
}

/** In milliseconds. */
export interface SmtpTimeouts {
  /** From the start to the first byte of the message. */
  beforeBody: number;
  /** Without a byte in either direction: RFC 5321 §4.5.3.2.6 asks for 10 minutes after the dot. */
  silence: number;
  /** For all of it: a relay that trickles bytes is never silent. */
  total: number;
}

const TIMEOUTS: SmtpTimeouts = {
  beforeBody: beforeBodyTimeoutMs,
  silence: relaySilenceTimeoutMs,
  total: sendTimeoutMs,
};

/** Of the time before the message. */
const GREETING_SHARE = 2 / 3;
const DNS_TIMEOUT_MS = 30_000;
/** A reply of more is none. */
const MAX_RESPONSE_BYTES = 64 * 1024;

const NO_SMTPUTF8 =
  'the relay does not offer SMTPUTF8, which a non-ASCII address needs: use one that does';

export function createMailer(config: SmtpConfig): Mailer {
  const timeouts = { ...TIMEOUTS, ...config.timeouts };
  const options = transportOptions(config, timeouts);

  return {
    async send(mail, stop, beforeFinalDot) {
      const recipient = parseAddress(mail.to);
      if ('reason' in recipient) return cannotBeAddressed(recipient.reason);

      const dialogue = recordDialogue();
      const transporter = createTransport({ ...options, logger: dialogue.logger });
      // Without a listener, an error that comes beside the answer would end the process.
      transporter.on('error', () => {});
      const { smtpUtf8 } = recipient;
      const submission = watchSubmission(transporter, { dialogue, smtpUtf8, beforeFinalDot });
      const release = limit(submission, stop, timeouts);
      const message = { ...mailMessage(mail, recipient.address), signal: submission.signal };
      const { response, error } = await transporter
        .sendMail(message)
        .then(
          (sent) => ({ response: sent.response, error: undefined }),
          (thrown: unknown) => {
            const error = thrown as NodemailerError;
            return { response: error.response, error };
          },
        )
        .finally(release);
      // nodemailer keeps an address for five minutes, also one that the relay has left.
      if (dialogue.lastReply() === undefined) dnsCache.delete(config.host);

      if (submission.objection() === 'no-smtputf8') return cannotBeAddressed(NO_SMTPUTF8);
      const lastWords = submission.objection() === 'no-354' ? dialogue.lastReply() : response;
      const body = submission.body();
      return toVerdict({
        body,
        step: dialogue.step({ command: error?.command, replied: lastWords !== undefined }),
        response: body === 'ended' && !submission.answerable() ? undefined : lastWords,
        error,
        reply: maskReply(lastWords ?? describe(error), { ...config, recipient: recipient.address }),
      });
    },
  };
}

function transportOptions(config: SmtpConfig, { beforeBody, silence }: SmtpTimeouts) {
  const { host, port, username, password, tls, caCertificates, ehloName } = config;
  return {
    host,
    port,
    name: ehloName,
    ...tlsOptions(tls, caCertificates),
    auth: { user: username, pass: password },
    // Else a relay that offers no AUTH gets the mail without it.
    forceAuth: true,
    connectionTimeout: beforeBody,
    // Before our own limit ends the attempt, so that the failure says what was waited for.
    greetingTimeout: Math.round(beforeBody * GREETING_SHARE),
    dnsTimeout: Math.min(beforeBody, DNS_TIMEOUT_MS),
    socketTimeout: silence,
    maxResponseSize: MAX_RESPONSE_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
  };
}

/** Ends the attempt early while that is safe, and in any case when its whole time is up. */
function limit(submission: Submission, stop: AbortSignal, { beforeBody, total }: SmtpTimeouts) {
  const onStop = () => submission.abortBeforeBody('stopped before the message was sent');
  const timers = [
    setTimeout(() => submission.abortBeforeBody('no progress in time'), beforeBody),
    setTimeout(() => submission.abort('no final reply in time'), total),
  ];
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop);
  return () => {
    timers.forEach((timer) => clearTimeout(timer));
    stop.removeEventListener('abort', onStop);
  };
}

function cannotBeAddressed(reply: string): Verdict {
  return { verdict: 'refused', step: 'rcpt-to', reply };
}

/** For a send that ended without a word of the relay. */
function describe(error: NodemailerError | undefined): string {
  if (error?.code === 'EABORT' && error.cause instanceof Error) return error.cause.message;
  return [error?.originalCode ?? error?.code, error?.message].filter(Boolean).join(': ');
}
