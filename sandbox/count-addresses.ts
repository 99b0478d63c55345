import { invalid } from './provider-errors';
import { readCsv } from './read-csv';
import { readXlsx } from './read-xlsx';

const MAX_ADDRESSES = 10_000;

const isAddress = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

/** Addresses in an uploaded file. Throws the provider's refusal when it would not take the file. */
export function countAddresses(filename: string, content: Buffer, column?: string): number {
  const extension = /\.[^.]*$/.exec(filename)?.[0].toLowerCase();
  const rows = readRows(extension, content);
  if (column && extension === '.txt') {
    throw invalid('email_column', 'not_supported', 'email_column is not supported for .txt files');
  }
  const index = column ? namedColumn(column, rows) : firstColumnOfAddresses(rows);
  const count = rows.filter((row) => isAddress(row[index] ?? '')).length;
  if (count === 0) throw invalid('file', 'no_valid_emails', 'No valid emails found in file');
  if (count > MAX_ADDRESSES) {
    throw invalid('file', 'limit_exceeded', `File exceeds the limit of ${MAX_ADDRESSES} emails`);
  }
  return count;
}

function readRows(extension: string | undefined, content: Buffer): string[][] {
  if (extension !== '.txt' && extension !== '.csv' && extension !== '.xlsx') {
    throw invalid(
      'file',
      'unsupported_format',
      'Unsupported file format. Supported: .txt, .csv, .xlsx',
    );
  }
  if (content.length === 0) throw invalid('file', 'empty', 'File is empty');
  if (extension === '.txt')
    return content
      .toString()
      .split(/\r?\n/)
      .map((line) => [line]);
  if (extension === '.csv') return readCsv(content.toString());
  try {
    return readXlsx(content);
  } catch {
    throw invalid('file', 'invalid', 'File is not a valid .xlsx workbook');
  }
}

const firstColumnOfAddresses = (rows: string[][]) =>
  rows.find((row) => row.some(isAddress))?.findIndex(isAddress) ?? 0;

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
