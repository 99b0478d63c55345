import { z } from 'zod';
import { trimBlanks } from '../../workflows/core/trim-blanks';

/** Longer text is cut, so that no field of a stranger's JSON fills a history or blocks the process. */
const TEXT_MAX_CHARS = 8_192;
const FILE_NAME_MAX_CHARS = 1_024;
const WORD_MAX_CHARS = 64;
const ELLIPSIS = '…';

const clean = (text: string): string => trimBlanks(text).toWellFormed();

const optional = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);

/** Text without blanks around it, cut at its end; anything else, and blank text, is absent. */
export const text = optional(
  z
    .string()
    .transform((text) => clean(text.slice(0, TEXT_MAX_CHARS)))
    .pipe(z.string().min(1)),
);

/** The same, but cut in its middle: the extension stays. */
export const fileName = optional(
  z
    .string()
    .transform((name) => cutMiddle(clean(shorten(name))))
    .pipe(z.string().min(1)),
);

/** A short text without blanks around it. A longer one is absent: its beginning is another word. */
const short = z
  .string()
  .max(TEXT_MAX_CHARS)
  .transform(clean)
  .pipe(z.string().min(1).max(WORD_MAX_CHARS));

/** A name out of a set, such as a type or a status. */
export const word = optional(short);

/** An ID of the provider's: short printable ASCII, fit for a search attribute and a fairness key. */
export const shortId = optional(short.pipe(z.string().regex(/^[\x21-\x7e]+$/)));
export const userId = shortId;

/** A UUID in lower case; anything else is absent. */
export const uuid = optional(short.pipe(z.guid()).transform((id) => id.toLowerCase()));

/** An integer >= 0; anything else (booleans, digits in a string) is absent. */
export const count = optional(z.int().nonnegative());

/** Of what is far too long the ends are kept, so that little is left to do. */
function shorten(name: string): string {
  const isLong = name.length > 2 * TEXT_MAX_CHARS;
  return isLong ? name.slice(0, TEXT_MAX_CHARS) + name.slice(-TEXT_MAX_CHARS) : name;
}

function cutMiddle(name: string): string {
  if (name.length <= FILE_NAME_MAX_CHARS) return name;
  const half = FILE_NAME_MAX_CHARS / 2;
  return `${name.slice(0, half - 1)}${ELLIPSIS}${name.slice(-half)}`.toWellFormed();
}
