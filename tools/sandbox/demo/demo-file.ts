import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { addressColumn, isAddress } from '../provider/address-column';
import { extensionOf, readRows } from '../provider/read-rows';

export interface DemoFile {
  path: string;
  name: string;
  content: Buffer;
  /** The same as from the service's own upload page. */
  metadata: {
    file_name: string;
    email_column?: string;
    first_row_has_labels: boolean;
    remove_duplicates: boolean;
  };
}

const EXTENSIONS = ['.txt', '.csv', '.xlsx'];

/** The file to upload, or in words why it cannot be. */
export function readDemoFile(given: string): DemoFile | { reason: string } {
  // npm runs its scripts in the project, wherever it was called.
  const path = resolve(process.env.INIT_CWD ?? '', given);
  const name = basename(path);
  if (!EXTENSIONS.includes(extensionOf(name) ?? '')) {
    return { reason: `Cannot upload ${given}: BoltRoute takes ${EXTENSIONS.join(', ')}.` };
  }
  try {
    const content = readFileSync(path);
    return { path, name, content, metadata: { file_name: name, ...describe(name, content) } };
  } catch (error) {
    const [, reason] = /: ([^,]+)/.exec((error as Error).message) ?? [];
    return { reason: `Cannot read ${path}: ${reason}.` };
  }
}

function describe(name: string, content: Buffer) {
  const rows = rowsOf(name, content);
  const column = addressColumn(rows);
  return {
    email_column: extensionOf(name) === '.txt' ? undefined : String(column + 1),
    first_row_has_labels: !isAddress(rows[0]?.[column] ?? ''),
    remove_duplicates: false,
  };
}

/** A file that cannot be read is for the provider to refuse. */
function rowsOf(name: string, content: Buffer): string[][] {
  try {
    return readRows(name, content);
  } catch {
    return [];
  }
}
