/**
 * Characters that take two columns: East Asian wide and full-width ones, and emoji. Terminals differ
 * in the rest (ambiguous widths, unassigned emoji), which is why tables end with the file's name.
 */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\ufe0f]/u;
const NO_WIDTH = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u;
const ELLIPSIS = '…';
/** Longer ones are stacked marks, which would cover the lines around them. */
const GRAPHEME_MAX_CHARS = 32;
const REPLACEMENT = '\ufffd';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  return split(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** Cut in the middle, so that the extension of a file stays. */
export function cutToWidth(text: string, columns: number): string {
  const parts = split(text);
  if (textWidth(text) <= columns) return parts.join('');
  const tail = fitting([...parts].reverse(), Math.floor((columns - 1) / 3)).reverse();
  const head = fitting(parts, columns - 1 - textWidth(tail.join('')));
  return [...head, ELLIPSIS, ...tail].join('');
}

export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(columns - textWidth(text), 0));
}

function fitting(parts: string[], columns: number): string[] {
  let width = 0;
  const end = parts.findIndex((part) => (width += graphemeWidth(part)) > columns);
  return end < 0 ? parts : parts.slice(0, end);
}

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) =>
    segment.length > GRAPHEME_MAX_CHARS ? REPLACEMENT : segment,
  );
}

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
