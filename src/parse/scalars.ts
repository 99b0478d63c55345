import { z } from 'zod';
import { trimBlanks } from '../../workflows/core/trim-blanks';

/** Longer text is cut, so that a field from outside cannot fill a history or block the process. */
const TEXT_MAX_CHARS = 8_192;
const FILE_NAME_MAX_CHARS = 1_024;
const WORD_MAX_CHARS = 64;
const ELLIPSIS = '…';

const clean = (text: string): string => trimBlanks(text).toWellFormed();

const optional = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);

/** Trimmed text, cut at its end. Anything else, and blank text, is absent. */
export const text = optional(
  z
    .string()
    .transform((text) => clean(text.slice(0, TEXT_MAX_CHARS)))
    .pipe(z.string().min(1)),
);

/** Like `text`, but cut in the middle, so that the extension stays. */
export const fileName = optional(
  z
    .string()
    .transform((name) => cutMiddle(clean(shorten(name))))
    .pipe(z.string().min(1)),
);

/** Trimmed text of bounded length. Longer text is absent, because a cut word is a different word. */
const short = z
  .string()
  .max(TEXT_MAX_CHARS)
  .transform(clean)
  .pipe(z.string().min(1).max(WORD_MAX_CHARS));

/** A keyword, such as a type or a status. */
export const word = optional(short);

/** An ID of the provider: printable ASCII, safe as search attribute and fairness key. */
export const shortId = optional(short.pipe(z.string().regex(/^[\x21-\x7e]+$/)));
export const userId = shortId;

/** A UUID, converted to lower case. Anything else is absent. */
export const uuid = optional(short.pipe(z.guid()).transform((id) => id.toLowerCase()));

/** An integer >= 0. Anything else, such as a boolean or a string of digits, is absent. */
export const count = optional(z.int().nonnegative());

/** Keeps both ends of a very long name, so that the rest of the work is bounded. */
function shorten(name: string): string {
  const isLong = name.length > 2 * TEXT_MAX_CHARS;
  return isLong ? name.slice(0, TEXT_MAX_CHARS) + name.slice(-TEXT_MAX_CHARS) : name;
}

function cutMiddle(name: string): string {
  if (name.length <= FILE_NAME_MAX_CHARS) return name;
  const half = FILE_NAME_MAX_CHARS / 2;
  return `${name.slice(0, half - 1)}${ELLIPSIS}${name.slice(-half)}`.toWellFormed();
}
