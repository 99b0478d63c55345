import { encodeWord } from 'nodemailer/lib/mime-funcs';

/** A longer word would make a header line that cannot be folded (RFC 5322 §2.1.1). */
const WORD_MAX_CHARS = 60;
const ENCODED_WORD_MAX_CHARS = 52;

/**
 * Encodes the subject so that mail clients show it as written. nodemailer does not encode text that
 * looks like an encoded word (RFC 2047), so that a file name could show as any other text.
 */
export function subjectHeader(subject: string) {
  const plain =
    /^[\x20-\x7e]*$/.test(subject) &&
    !subject.includes('=?') &&
    subject.split(' ').every((word) => word.length <= WORD_MAX_CHARS);
  if (plain) return subject;
  const asciiLetters = subject.match(/[a-z]/gi)?.length ?? 0;
  const encoding = asciiLetters > subject.length / 2 ? 'Q' : 'B';
  return {
    prepared: true,
    foldLines: true,
    value: encodeWord(subject.toWellFormed(), encoding, ENCODED_WORD_MAX_CHARS),
  };
}
