import { createTransport, type NodemailerError } from 'nodemailer';
import { dnsCache } from 'nodemailer/lib/shared';
import type { Mailer, Verdict } from '../../../activities/send/mailer';
import { recordDialogue } from './dialogue';
import { mailMessage } from './mail-message';
import { maskReply } from './mask-reply';
import { type Submission, watchSubmission } from './submission';
import { SMTP_TIMEOUTS, type SmtpTimeouts } from './timeouts';
import { type SmtpConfig, transportOptions } from './transport-options';
import { toVerdict } from './verdict';

const NO_SMTPUTF8 =
  'the relay does not offer SMTPUTF8, which a non-ASCII address needs: use one that does';

export function createMailer(config: SmtpConfig): Mailer {
  const timeouts = { ...SMTP_TIMEOUTS, ...config.timeouts };
  const options = transportOptions(config, timeouts);

  return {
    async send(mail, stop, beforeFinalDot) {
      const dialogue = recordDialogue();
      const transporter = createTransport({ ...options, logger: dialogue.logger });
      // Without a listener, an error besides the result would end the process.
      transporter.on('error', () => {});
      const { to: recipient, smtpUtf8 } = mail;
      const submission = watchSubmission(transporter, { dialogue, smtpUtf8, beforeFinalDot });
      const clearLimits = limit(submission, stop, timeouts);
      const message = { ...mailMessage(mail), signal: submission.signal };
      const { response, error } = await transporter
        .sendMail(message)
        .then(
          (sent) => ({ response: sent.response, error: undefined }),
          (thrown: unknown) => {
            const error = thrown as NodemailerError;
            return { response: error.response, error };
          },
        )
        .finally(clearLimits);
      // nodemailer caches an address for five minutes, even if the relay no longer uses it.
      if (dialogue.lastReply() === undefined) dnsCache.delete(config.host);

      if (submission.objection() === 'no-smtputf8') return refusedLocally(NO_SMTPUTF8);
      const lastReply = submission.objection() === 'no-354' ? dialogue.lastReply() : response;
      const body = submission.body();
      return toVerdict({
        body,
        step: dialogue.step({ command: error?.command, replied: lastReply !== undefined }),
        response: body === 'ended' && !submission.answerable() ? undefined : lastReply,
        error,
        reply: maskReply(lastReply ?? describe(error), { ...config, recipient }),
      });
    },
  };
}

/** Aborts the attempt while that is safe, and in any case after the total timeout. */
function limit(submission: Submission, stop: AbortSignal, timeouts: SmtpTimeouts): () => void {
  const onStop = () => submission.abortBeforeBody('stopped before the message was sent');
  const timers = [
    setTimeout(() => submission.abortBeforeBody('no progress in time'), timeouts.beforeBodyMs),
    setTimeout(() => submission.abort('no final reply in time'), timeouts.totalMs),
  ];
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop);
  return () => {
    timers.forEach((timer) => clearTimeout(timer));
    stop.removeEventListener('abort', onStop);
  };
}

/** The relay was not asked, because it could not accept the recipient. */
function refusedLocally(reply: string): Verdict {
  return { verdict: 'refused', step: 'rcpt-to', reply };
}

/** Describes a send that ended without a reply. */
function describe(error: NodemailerError | undefined): string {
  if (error?.code === 'EABORT' && error.cause instanceof Error) return error.cause.message;
  return [error?.originalCode ?? error?.code, error?.message].filter(Boolean).join(': ');
}
