import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { transient } from './failures';
import { type MailTemplates, renderMail } from './mail-template';
import type { Mailer, MailToSend, Verdict } from './types';

export interface Sender {
  from: { name: string; address: string };
  replyTo: string;
  templates: MailTemplates;
}

/** A send that is settled: neither of them is tried again. */
export type SettledSend = Extract<Verdict, { verdict: 'accepted' | 'refused' }>;

const MINUTE = 60_000;
/** RFC 5321 §4.5.4.1: soon while the trouble may be short, then every few hours. */
const DELAYS = [1, 5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE);
const LONGEST_DELAY = 240 * MINUTE;
/** This worker is shutting down and nothing was submitted: let another one try. */
const HAND_ON_DELAY = 1_000;
const HEARTBEAT_INTERVAL = 10_000;

export function createSendMail({ mailer, sender }: { mailer: Mailer; sender: Sender }) {
  return async function sendMail(mail: MailToSend): Promise<SettledSend> {
    const { subject, text } = renderMail(sender.templates, mail);
    const beat = setInterval(heartbeat, HEARTBEAT_INTERVAL);
    const verdict = await mailer
      .send(
        {
          from: sender.from,
          replyTo: sender.replyTo,
          to: mail.to,
          subject,
          text,
          messageId: messageId(mail, sender.from.address),
          date: new Date(mail.date),
        },
        cancellationSignal(),
      )
      .finally(() => clearInterval(beat));
    return settledOrRetried(mail, verdict);
  };
}

function settledOrRetried(mail: MailToSend, verdict: Verdict): SettledSend {
  const facts = { task_id: mail.taskId, outcome: mail.outcome, ...verdict };
  switch (verdict.verdict) {
    case 'accepted':
      log.info('bulk_upload_notification.email_sent', facts);
      return verdict;
    case 'refused':
      log.warn('bulk_upload_notification.smtp_send_failed', facts);
      return verdict;
    case 'deferred': {
      const level = verdict.configuration ? 'error' : 'warn';
      log[level]('bulk_upload_notification.smtp_send_failed', facts);
      throw transient('SendDeferred', `${verdict.step}: ${verdict.reply}`, retryDelay());
    }
    case 'ambiguous':
      log.warn('bulk_upload_notification.smtp_send_failed', facts);
      throw transient('SendAmbiguous', verdict.reply, retryDelay());
  }
}

/** The same for every attempt of one notification, so that mailboxes can collapse copies. */
function messageId({ taskId, outcome }: MailToSend, from: string): string {
  return `<bulk.${taskId}.${outcome}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

function retryDelay(): number {
  if (cancellationSignal().aborted) return HAND_ON_DELAY;
  const delay = DELAYS[activityInfo().attempt - 1] ?? LONGEST_DELAY;
  return Math.round(delay * (0.8 + 0.4 * Math.random()));
}
