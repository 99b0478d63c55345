import { addressColumn, isAddress } from './address-column';
import { invalid } from './provider-errors';
import { extensionOf, readRows } from './read-rows';

const MAX_ADDRESSES = 10_000;

/** Addresses in an uploaded file. Throws the provider's refusal when it would not take the file. */
export function countAddresses(filename: string, content: Buffer, column?: string): number {
  const rows = readRows(filename, content);
  if (column && extensionOf(filename) === '.txt') {
    throw invalid('email_column', 'not_supported', 'email_column is not supported for .txt files');
  }
  const index = column ? namedColumn(column, rows) : addressColumn(rows);
  const count = rows.filter((row) => isAddress(row[index] ?? '')).length;
  if (count === 0) throw invalid('file', 'no_valid_emails', 'No valid emails found in file');
  if (count > MAX_ADDRESSES) {
    throw invalid('file', 'limit_exceeded', `File exceeds the limit of ${MAX_ADDRESSES} emails`);
  }
  return count;
}

/** By the name in the header row, or by an index that begins at 1. */
function namedColumn(column: string, rows: string[][]): number {
  const header = rows[0] ?? [];
  const byName = header.findIndex((cell) => cell.trim().toLowerCase() === column.toLowerCase());
  const index = byName >= 0 || !/^\d+$/.test(column) ? byName : Number(column) - 1;
  if (!rows.some((row) => index in row)) {
    throw invalid('email_column', 'not_found', `Column ${column} was not found in the file`);
  }
  return index;
}
