import { simpleParser } from 'mailparser';
import type { ReceivedMail } from './mailbox';

/** A received mail, decoded for people. All of it is what the sender wrote: hostile input. */
export interface ReadableMail extends ReceivedMail {
  subject: string;
  from: string;
  to: string;
  /** In the order of the mail, names as written, values unfolded and decoded. */
  headers: { name: string; value: string }[];
  text: string;
}

type Parsed = Awaited<ReturnType<typeof simpleParser>>;

// The list is asked for again and again, a mail never changes.
const read = new WeakMap<ReceivedMail, Promise<ReadableMail>>();

export function readMail(mail: ReceivedMail): Promise<ReadableMail> {
  const known = read.get(mail) ?? parse(mail);
  read.set(mail, known);
  return known;
}

async function parse(mail: ReceivedMail): Promise<ReadableMail> {
  const parsed = await simpleParser(mail.raw, { skipTextToHtml: true });
  const headers = toHeaders(parsed);
  const first = (name: string) =>
    headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';
  return {
    ...mail,
    subject: first('subject'),
    from: first('from'),
    to: first('to'),
    headers,
    text: parsed.text ?? '',
  };
}

function toHeaders({ headers, headerLines }: Parsed) {
  const seen = new Map<string, number>();
  return headerLines.map(({ key, line }) => {
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const values = [headers.get(key)].flat();
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: toText(values[nth], line.slice(colon + 1)) };
  });
}

/** The decoded value of strings and addresses; the line itself where decoding would lose something. */
function toText(decoded: unknown, line: string): string {
  if (typeof decoded === 'string') return decoded;
  if (decoded && typeof decoded === 'object' && 'text' in decoded) return String(decoded.text);
  return line.replace(/\r?\n(?=[ \t])/g, '').trim();
}
