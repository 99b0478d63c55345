/** What dots a host are for a browser (UTS #46). */
const DOT = '[.\\u2024\\u3002\\uff0e\\uff61]';
const LABEL_END = '[\\p{L}\\p{N}\\p{M}\\p{Join_Control}_-]';
/** The start of a top-level domain: two letters, whatever hides between them and the dot. */
const TOP_LEVEL = '[\\p{M}\\p{Join_Control}]*\\p{L}[\\p{M}\\p{Join_Control}]*\\p{L}';
/** No top-level domain bears such a name, so that these may stay: unlike `.zip`. */
const FILE_EXTENSION = '(?:csv|tsv|txt|xls|xlsx|xlsm|ods|json|xml|gz|pdf|doc|docx)';

/** The places inside of what a mail client would make a link. */
const LINKS = new RegExp(
  [
    '(?<=:)(?=//)', // https://host
    '(?<=\\p{L}:)(?=[^\\s…])', // mailto:address
    '(?<=\\\\)(?=\\\\)', // \\server\share
    '(?<=www)(?=\\.)',
    '(?<=[^\\s…])(?=@[^\\s…])', // local@host
    `(?<=${LABEL_END})(?=${DOT}(?!${FILE_EXTENSION}(?!${LABEL_END}))${TOP_LEVEL})`, // host.example
    `(?<=${LABEL_END})(?=${DOT}xn--)`,
    '(?<=(?<!\\d)\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})(?=\\.\\d{1,3}(?!\\d))', // 192.0.2.1
  ].join('|'),
  'giu',
);

/**
 * Text in which no mail client finds a link. The blank is seen, and survives copying: a zero-width
 * character would stay unseen in the name, and some clients look through it.
 */
export function breakLinks(text: string): string {
  return text.replace(LINKS, ' ');
}
