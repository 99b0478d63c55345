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

interface PreviewDependencies {
  sender: Sender;
  composeMessage: (mail: Mail) => Promise<Buffer>;
  ledger: Pick<LedgerReader, 'read'>;
}

export type Previews = ReturnType<typeof createPreviews>;

/** Mails exactly as they would be sent, but for the recipient, the Message-ID and the date. */
export function createPreviews({ sender, composeMessage, ledger }: PreviewDependencies) {
  async function compose(content: Omit<MailContent, 'mailDate'>): Promise<MailPreview> {
    const mailDate = new Date().toISOString();
    const mail = composeMail({ ...content, mailDate }, { address: RECIPIENT }, sender);
    const raw = await composeMessage(mail);
    const { subject, text } = mail;
    return { outcome: content.outcome, headers: headersOf(raw, mail), subject, text, raw };
  }

  /** For a file that need not exist. */
  function ofContent(content: PreviewContent): Promise<MailPreview> {
    return compose({ ...content, taskId: TASK_ID, resend: 0 });
  }

  /**
   * The mail that a resend of a notification would be. Undefined: the ledger has no such notification,
   * or does not know its file, since none of its mails was attempted.
   */
  async function ofNotification(eventId: string): Promise<MailPreview | undefined> {
    const recorded = await ledger.read(eventId);
    const { taskId, outcome, fileName, emailCount, sentCount } = recorded?.notification ?? {};
    if (!taskId || !outcome || fileName === undefined || emailCount === undefined) return undefined;
    return compose({ taskId, outcome, fileName, emailCount, resend: sentCount ?? 0 });
  }

  return { ofContent, ofNotification };
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
