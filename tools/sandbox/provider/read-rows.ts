import { invalid } from './provider-errors';
import { readCsv } from './read-csv';
import { readXlsx } from './read-xlsx';

export const extensionOf = (filename: string) => /\.[^.]*$/.exec(filename)?.[0].toLowerCase();

/** The cells of an uploaded file. Throws the provider's refusal of what is no such file. */
export function readRows(filename: string, content: Buffer): string[][] {
  const extension = extensionOf(filename);
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
