import { composeMail, type MailContent, type Sender } from '../../activities/mail/compose-mail';
import type { Mail } from '../../activities/mail/mail';
import type { Outcome } from '../../workflows/core/outcome';
import type { LedgerReader } from './ledger-reader';

/** Stands for the recipient, whom a preview does not look up. */
const RECIPIENT = 'recipient@example.com';
/** Stands for the task. */
const TASK_ID = '00000000-0000-0000-0000-000000000000';

export interface PreviewContent {
  outcome: Outcome;
  fileName: string;
  emailCount: number;
}

export interface MailPreview {
  outcome: Outcome;
  /** In the order of the message, unfolded and decoded. */
  headers: { name: string; value: string }[];
  subject: string;
  text: string;
  /** The message as a relay would get it. */
  raw: Buffer;
}

interface Composer {
  sender: Sender;
  composeMessage: (mail: Mail) => Promise<{ bytes: Buffer }>;
}

interface PreviewDependencies extends Composer {
  ledger: Pick<LedgerReader, 'read'>;
}

export type Previews = ReturnType<typeof createPreviews>;

/** Emails exactly as they would be sent, but for the recipient, the Message-ID and the date. */
export function createPreviews({ ledger, ...composer }: PreviewDependencies) {
  /**
   * The email that a resend of a notification would be. Undefined: the ledger has no such
   * notification, or does not know its file, since no email was attempted.
   */
  async function ofNotification(eventId: string): Promise<MailPreview | undefined> {
    const recorded = await ledger.read(eventId);
    const { taskId, outcome, fileName, emailCount, sentCount } = recorded?.notification ?? {};
    if (!taskId || !outcome || fileName === undefined || emailCount === undefined) return undefined;
    return preview({ taskId, outcome, fileName, emailCount, resend: sentCount ?? 0 }, composer);
  }

  return { ofNotification, ofContent: (content: PreviewContent) => previewMail(content, composer) };
}

/** The email of a file that need not exist. */
export function previewMail(content: PreviewContent, composer: Composer): Promise<MailPreview> {
  return preview({ ...content, taskId: TASK_ID, resend: 0 }, composer);
}

async function preview(
  content: Omit<MailContent, 'mailDate'>,
  { sender, composeMessage }: Composer,
): Promise<MailPreview> {
  const mailDate = new Date().toISOString();
  const mail = composeMail({ ...content, mailDate }, { address: RECIPIENT }, sender);
  const { bytes: raw } = await composeMessage(mail);
  const { subject, text } = mail;
  return { outcome: content.outcome, headers: headersOf(raw, mail), subject, text, raw };
}

function headersOf(raw: Buffer, { from, subject }: Mail): MailPreview['headers'] {
  const decoded: Record<string, string> = {
    From: `${from.name} <${from.address}>`,
    Subject: subject,
  };
  const [block = ''] = raw.toString().split('\r\n\r\n', 1);
  const lines = block.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return lines.map((line) => {
    const [name = ''] = line.split(':', 1);
    return { name, value: decoded[name] ?? line.slice(name.length + 1).trim() };
  });
}
