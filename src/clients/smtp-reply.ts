/** Nobody reads more, and a reply goes into the history. */
const MAX_LENGTH = 500;
/** More is cut before the masking. */
const MAX_INPUT_LENGTH = 10_000;

export interface Secrets {
  recipient: string;
  username: string;
  password: string;
}

/** The code of a whole reply; undefined if its lines do not all bear the same one (RFC 5321 §4.2). */
export function replyCode(response: string | undefined): number | undefined {
  const codes = response
    ?.split('\n')
    .map((line) => /^([2-5]\d\d)(?![^ -])/.exec(line.trimEnd())?.[1]);
  const [first] = codes ?? [];
  return first && codes?.every((code) => code === first) ? Number(first) : undefined;
}

/** A relay's words for logs and history: one line, no address, no credentials, capped. */
export function maskReply(text: string, { recipient, username, password }: Secrets): string {
  const credentials = [`\0${username}\0${password}`, username, password].filter(Boolean);
  const masked = [...credentials.map(base64), ...credentials]
    .reduce((rest, secret) => rest.replaceAll(secret, '<credentials>'), wholeWords(text))
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[^\s<>"'(),;:]+/g, (word) => (isAddress(word, recipient) ? '<address>' : word))
    .replaceAll('<<', '<')
    .replaceAll('>>', '>')
    .trim();
  return masked.length > MAX_LENGTH ? `${masked.slice(0, MAX_LENGTH - 1).toWellFormed()}…` : masked;
}

/** Never half of a word: half an address would not be seen as one. */
function wholeWords(text: string): string {
  return text.length > MAX_INPUT_LENGTH
    ? text.slice(0, MAX_INPUT_LENGTH).replace(/\S*$/, '')
    : text;
}

/** Whatever holds an @, plain or in a URL, and the recipient's local part alone. */
function isAddress(word: string, recipient: string): boolean {
  const local = recipient.slice(0, recipient.lastIndexOf('@')).toLowerCase();
  return /@|%40/i.test(word) || word.replace(/\.+$/, '').toLowerCase() === local;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
