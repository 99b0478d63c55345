/** Rows of cells (RFC 4180, LF or CRLF). */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  for (;;) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at + 1) : plainCell(text, at);
    rows.at(-1)?.push(cell);
    if (end === text.length) break;
    if (text[end] !== ',') rows.push([]);
    at = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
  return rows.filter((row) => row.some((cell) => cell.trim() !== ''));
}

function plainCell(text: string, start: number) {
  const end = endOfCell(text, start);
  return { cell: text.slice(start, end), end };
}

/** Two quotes are one that belongs to the cell; what follows the last quote is dropped. */
function quotedCell(text: string, start: number) {
  let close = text.indexOf('"', start);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1) close = text.length;
  const cell = text.slice(start, close).replaceAll('""', '"');
  return { cell, end: endOfCell(text, close) };
}

function endOfCell(text: string, start: number): number {
  const separator = /[,\r\n]|$/g;
  separator.lastIndex = start;
  return separator.exec(text)?.index ?? text.length;
}
