const LINE_MAX_CHARS = 150;

/** Hostile text on one short line, without what markdown would take for the end of a code span. */
export function oneLine(text: string, maxChars = LINE_MAX_CHARS): string {
  const line = text.replace(/[\p{C}\s`]+/gu, ' ').trim();
  return [...line].slice(0, maxChars).join('');
}
