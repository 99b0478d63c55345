const REPLY_MAX_CHARS = 500;
/** Longer text is cut before masking. */
const INPUT_MAX_CHARS = 10_000;

export interface Secrets {
  recipient: string;
  username: string;
  password: string;
}

/** A reply for logs and histories: one line of bounded length, without addresses or credentials. */
export function maskReply(text: string, { recipient, username, password }: Secrets): string {
  const local = recipient.slice(0, recipient.lastIndexOf('@'));
  const encoded = [`\0${username}\0${password}`, username, password].map(base64);
  const secrets = [...encoded, password, isLetters(username) ? '' : username].filter(Boolean);
  const masked = secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '<credentials>'), wholeWords(text))
    .replace(literally(recipient), (found) => found && '<address>')
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[^\s<>"'`(),;:]+/g, (word, at: number, all: string) => {
      const isQuoted = /<>|""|''|``/.test(all.charAt(at - 1) + all.charAt(at + word.length));
      if (/@|%40/.test(word) || names(word, local, isQuoted)) return '<address>';
      return names(word, username, isQuoted) ? '<credentials>' : word;
    })
    .replaceAll('<<', '<')
    .replaceAll('>>', '>')
    .trim();
  return masked.length > REPLY_MAX_CHARS
    ? `${masked.slice(0, REPLY_MAX_CHARS - 1).toWellFormed()}…`
    : masked;
}

/** Cuts between words, because half an address would not be recognized as one. */
function wholeWords(text: string): string {
  if (text.length <= INPUT_MAX_CHARS) return text;
  let end = INPUT_MAX_CHARS;
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * Whether a word is the name. A name that consists of letters can be an ordinary word of the reply
 * ("mailbox full" for `full@…`). It counts only in quotes, or as `name...`, which Sendmail writes.
 */
function names(word: string, name: string, isQuoted: boolean): boolean {
  if (!name || !word.toLowerCase().startsWith(name.toLowerCase())) return false;
  const rest = word.slice(name.length);
  if (!/^\.*$/.test(rest)) return false;
  return isQuoted || rest.length > 1 || !isLetters(name);
}

const isLetters = (name: string): boolean => /^\p{L}+$/u.test(name);

/** Does not match within a longer address, half of which would remain. */
function literally(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![^\\s<>"'\`(),;:])${escaped}(?![\\w-])`, 'gi');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
