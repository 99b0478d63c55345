import { encodeWord } from 'nodemailer/lib/mime-funcs';

/** Longer words would make a header line that cannot be folded (RFC 5322 §2.1.1). */
const MAX_WORD_LENGTH = 60;
const ENCODED_WORD_LENGTH = 52;

/**
 * A Subject that reads as it was written. nodemailer passes on whatever already looks like an
 * encoded word (RFC 2047), and the reader's client would decode it: a file name could say anything.
 */
export function subjectHeader(subject: string) {
  const plain =
    /^[\x20-\x7e]*$/.test(subject) &&
    !subject.includes('=?') &&
    subject.split(' ').every((word) => word.length <= MAX_WORD_LENGTH);
  if (plain) return subject;
  const asciiLetters = subject.match(/[a-z]/gi)?.length ?? 0;
  const encoding = asciiLetters > subject.length / 2 ? 'Q' : 'B';
  return {
    prepared: true,
    foldLines: true,
    value: encodeWord(subject.toWellFormed(), encoding, ENCODED_WORD_LENGTH),
  };
}
