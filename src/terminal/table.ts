import { cutToWidth, padToWidth, textWidth } from './text-width';
import { visible } from './visible';

/** An event ID fits. */
const CELL_MAX_COLUMNS = 80;
const GAP = '  ';

/**
 * Columns under their titles. A cell may hold hostile text; a column without any text is left out.
 */
export function table(titles: string[], rows: (string | undefined)[][]): string {
  const cells = rows.map((row) =>
    row.map((cell = '') => cutToWidth(visible(cell), CELL_MAX_COLUMNS)),
  );
  const shown = titles.map((_, column) => cells.some((row) => row[column] !== ''));
  return align([titles, ...cells].map((row) => row.filter((_cell, column) => shown[column])));
}

/** Names and their values; a name without a value is left out. Values may be hostile. */
export function facts(entries: [name: string, value: string | number | undefined][]): string {
  const given = entries.filter(([, value]) => value !== undefined && value !== '');
  return align(given.map(([name, value]) => [name, visible(String(value))]));
}

function align(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  return rows
    .map((row) => row.map((cell, column) => padToWidth(cell, widths[column] ?? 0)).join(GAP))
    .map((line) => line.trimEnd())
    .join('\n');
}
