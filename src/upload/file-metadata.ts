import { z } from 'zod';
import { parseJson } from '../parse/parse-json';
import { cleanFileName, hasColumns, withFileName } from './file-name';
import type { UploadRefusal } from './upload-refusal';

/** A file and the column that holds its addresses. */
export interface PlannedUpload {
  fileName: string;
  /** 1-based; absent for files without columns. */
  emailColumn?: number;
}

/** XFD, the last column of a worksheet. */
const COLUMN_MAX = 16_384;

/** One entry of `file_metadata`. */
export const fileMetadataEntry = z.object({
  file_name: z.string().transform(cleanFileName),
  email_column: z.union([z.string(), z.number()]).nullish(),
  // Clients send them; the provider has no such options.
  first_row_has_labels: z.boolean().optional(),
  remove_duplicates: z.boolean().optional(),
});
type Entry = z.infer<typeof fileMetadataEntry>;

/**
 * Matches the files of a form with the entries of `file_metadata`, in the order of the files. Each
 * file with columns needs an entry, and each entry needs a file. File names must be cleaned before.
 */
export function planUploads(
  fileMetadata: string | undefined,
  fileNames: readonly string[],
): { uploads: PlannedUpload[] } | UploadRefusal {
  const repeatedFile = repeated(fileNames);
  if (repeatedFile !== undefined) {
    const detail = 'Duplicate file names detected';
    return withFileName({ code: 'file_name_repeated', detail }, repeatedFile);
  }
  const parsed = parseEntries(fileMetadata, fileNames);
  if ('code' in parsed) return parsed;
  const byName = new Map(parsed.entries.map((entry) => [entry.file_name, entry]));
  const repeatedEntry = repeated(parsed.entries.map((entry) => entry.file_name));
  if (repeatedEntry !== undefined) {
    const detail = 'Duplicate file metadata entries';
    return withFileName({ code: 'file_metadata_repeated', detail }, repeatedEntry);
  }
  const uploads: PlannedUpload[] = [];
  for (const fileName of fileNames) {
    const planned = planUpload(fileName, byName.get(fileName));
    if ('code' in planned) return withFileName(planned, fileName);
    uploads.push(planned);
  }
  const nameWithoutFile = [...byName.keys()].find((name) => !fileNames.includes(name));
  if (nameWithoutFile !== undefined) {
    return withFileName(
      { code: 'file_missing', detail: 'File metadata without its file' },
      nameWithoutFile,
    );
  }
  return { uploads };
}

function planUpload(fileName: string, entry: Entry | undefined): PlannedUpload | UploadRefusal {
  if (entry) {
    const column = parseColumn(entry);
    return 'code' in column ? column : { fileName, emailColumn: column.emailColumn };
  }
  if (!hasColumns(fileName)) return { fileName };
  return { code: 'file_metadata_missing', detail: 'Missing file metadata' };
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function parseEntries(
  fileMetadata: string | undefined,
  fileNames: readonly string[],
): { entries: Entry[] } | UploadRefusal {
  if (!fileMetadata?.trim()) {
    if (!fileNames.some(hasColumns)) return { entries: [] };
    return { code: 'file_metadata_missing', detail: 'file_metadata is required' };
  }
  const json = parseJson(fileMetadata);
  if (json !== undefined && !Array.isArray(json)) {
    return { code: 'file_metadata_invalid', detail: 'file_metadata must be a list' };
  }
  const entries = z.array(fileMetadataEntry).safeParse(json);
  if (entries.success) return { entries: entries.data };
  return { code: 'file_metadata_invalid', detail: 'Invalid file metadata payload' };
}

/** Converts the letters of a worksheet column to its number. */
function parseColumn(entry: Entry): { emailColumn?: number } | UploadRefusal {
  const text = String(entry.email_column ?? '').trim();
  if (!hasColumns(entry.file_name) && !text) return {};
  if (!text) return { code: 'email_column_missing', detail: 'Email column is required' };
  const column = /^[a-z]{1,3}$/i.test(text)
    ? lettersToNumber(text)
    : /^0*[1-9]\d{0,4}$/.test(text)
      ? Number(text)
      : undefined;
  if (column === undefined || column > COLUMN_MAX) {
    return {
      code: 'email_column_invalid',
      detail: 'Email column must be a column letter or 1-based index',
    };
  }
  return hasColumns(entry.file_name) ? { emailColumn: column } : {};
}

function lettersToNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce(
    (sum, letter) => sum * 26 + letter.charCodeAt(0) - 64,
    0,
  );
}
