/** Enough for a person, and a reply goes into the history. */
const REPLY_MAX_CHARS = 500;
/** More is cut before the masking. */
const INPUT_MAX_CHARS = 10_000;

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

/** Never half of a word: half an address would not be seen as one. */
function wholeWords(text: string): string {
  if (text.length <= INPUT_MAX_CHARS) return text;
  let end = INPUT_MAX_CHARS;
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * Whether a word is that name. A name of letters alone may be a word of the reply ("mailbox full"
 * for `full@…`): it counts where the relay quotes it, or writes `name...` as Sendmail does.
 */
function names(word: string, name: string, isQuoted: boolean): boolean {
  if (!name || !word.toLowerCase().startsWith(name.toLowerCase())) return false;
  const rest = word.slice(name.length);
  if (!/^\.*$/.test(rest)) return false;
  return isQuoted || rest.length > 1 || !isLetters(name);
}

const isLetters = (name: string): boolean => /^\p{L}+$/u.test(name);

/** Not within another address, of which half would be left. */
function literally(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![^\\s<>"'\`(),;:])${escaped}(?![\\w-])`, 'gi');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
