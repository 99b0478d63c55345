import { HIDDEN_CHARACTERS } from '../parse/hidden-characters';

const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Hostile text as one line that a terminal only shows: controls (with them every escape sequence),
 * line breaks, bidi controls and invisible characters are written as their escapes. A right-to-left
 * text is isolated, so that it does not reorder what stands beside it.
 */
export function visible(text: string): string {
  const shown = text.replace(HIDDEN_CHARACTERS, escapeCharacter);
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** One line of JSON that a terminal only shows; its value is the same. */
export function visibleJson(data: unknown): string {
  return JSON.stringify(data).replace(HIDDEN_CHARACTERS, (character) =>
    Array.from({ length: character.length }, (_, at) => unit(character, at)).join(''),
  );
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : unit(character, 0));
}

/** As JSON escapes a UTF-16 code unit. */
function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}
