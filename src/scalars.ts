import { z } from 'zod';

/** White space as the sender's peers strip it (Python's `str.strip`): with U+001C–1F, not U+FEFF. */
const BLANK =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const EDGES = new RegExp(`^${BLANK}|${BLANK}$`, 'g');

const stripped = z.string().transform((text) => text.replace(EDGES, '').toWellFormed());

/** Text without blanks around it; anything else, and blank text, is absent. */
export const text = stripped.pipe(z.string().min(1)).optional().catch(undefined);

/** An integer >= 0; anything else (booleans, digits in a string) is absent. */
export const count = z.int().nonnegative().optional().catch(undefined);

/** A UUID in lower case; anything else is absent. */
export const uuid = stripped
  .pipe(z.guid())
  .transform((id) => id.toLowerCase())
  .optional()
  .catch(undefined);

/** A user's ID: short printable ASCII, since it becomes a search attribute and a fairness key. */
export const userId = stripped
  .pipe(z.string().regex(/^[\x21-\x7e]{1,64}$/))
  .optional()
  .catch(undefined);
