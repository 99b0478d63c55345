import type { ReceivedMail } from '../relay/mailbox';
import { readMail } from '../relay/read-mail';
import { terminal } from './terminal';

const ENCODED = /^content-transfer-encoding:\s*(?:base64|quoted-printable)|^subject:.*=\?/im;

/** The mail as the relay received it, line by line; what is encoded in it follows in clear. */
export async function showMail(mail: ReceivedMail): Promise<string[]> {
  const { from, to } = mail.envelope;
  const raw = mail.raw.toString();
  return [
    ...framed([`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`)]),
    ...framed(['']),
    ...framed(raw.trimEnd().split(/\r?\n/)),
    ...(ENCODED.test(raw) ? await decoded(mail) : []),
  ];
}

async function decoded(mail: ReceivedMail): Promise<string[]> {
  const { subject, text } = await readMail(mail);
  const lines = [`Subject: ${subject}`, '', ...text.trimEnd().split('\n')];
  return ['', terminal.quiet('  Decoded, as a mail program shows it'), ...framed(lines)];
}

/** Nothing in a mail may steer the terminal, or hide in it. */
function framed(lines: string[]): string[] {
  return lines.map((line) => `  ${terminal.quiet('│')} ${line.replace(/\p{C}/gu, '')}`.trimEnd());
}
