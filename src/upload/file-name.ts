import type { UploadRefusal } from './upload-refusal';

const LONGEST = 255;
/** Separators of paths, and what could end or hide a line wherever the name is shown. */
const HOSTILE = /[/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
const EXTENSION = /\.(?:txt|csv|xlsx)$/i;

/** Why a file of that name is not taken, or undefined. The name is the caller's word. */
export function refuseFileName(name: string): UploadRefusal | undefined {
  if (!name.trim()) {
    return { code: 'file_name_missing', detail: 'All uploaded files must have names' };
  }
  if (name.length > LONGEST || HOSTILE.test(name)) {
    return { code: 'file_name_invalid', detail: 'A file name cannot be used' };
  }
  if (EXTENSION.test(name)) return undefined;
  return {
    code: 'file_type_not_supported',
    detail: 'Unsupported file type. Supported: .txt, .csv, .xlsx',
  };
}

/** Plain text has one address a line, and no columns. */
export const hasColumns = (name: string): boolean => !/\.txt$/i.test(name);
