import { breakLinks } from './break-links';

/** What a name without a visible character is called. */
const NO_NAME = 'your file';
const ELLIPSIS = '…';

/** Line breaks and tabs part words, so they become blanks; the collapse below takes them. */
const BREAKS = /[\t-\r\u0085\u2028\u2029]+/g;
/** Controls and what Unicode declares invisible (bidi controls, U+FEFF, tags), save joiners and variation selectors. */
const INVISIBLE =
  /(?![\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Longer ones are stacked marks or chains of joiners: one grapheme could fill the mail. */
const MAX_GRAPHEME_LENGTH = 32;
/** More is cut before the rest of the work, which is slow on megabytes. */
const MAX_INPUT_LENGTH = 8192;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A file name fit for a mail: one line, no hidden characters, cut in the middle so that its extension stays. */
export function displayFileName(name: string, maxGraphemes: number): string {
  const visible = shorten(name)
    .toWellFormed()
    .replace(BREAKS, ' ')
    .replace(INVISIBLE, '')
    .normalize('NFC');
  const text = breakLinks(visible).replace(/\s+/g, ' ').trim();
  return VISIBLE.test(text) ? cutMiddle(text, maxGraphemes) : NO_NAME;
}

function shorten(name: string): string {
  const half = MAX_INPUT_LENGTH / 2;
  return name.length > MAX_INPUT_LENGTH ? name.slice(0, half) + name.slice(-half) : name;
}

function cutMiddle(text: string, maxGraphemes: number): string {
  const parts = Array.from(graphemes.segment(text), ({ segment }) =>
    segment.length > MAX_GRAPHEME_LENGTH ? '\ufffd' : segment,
  );
  if (parts.length <= maxGraphemes) return parts.join('');
  const kept = maxGraphemes - 1;
  const tail = Math.floor(kept / 3);
  return [...parts.slice(0, kept - tail), ELLIPSIS, ...parts.slice(parts.length - tail)].join('');
}
