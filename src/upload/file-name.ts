import type { UploadRefusal } from './upload-refusal';

const FILE_NAME_MAX_CHARS = 255;
const SHOWN_MAX_CHARS = 100;
/** Path separators, and characters that would break or hide text where the name is shown. */
const HOSTILE = /[/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
const EXTENSION = /\.(?:txt|csv|xlsx)$/i;
/** Escapes that browsers use in forms (HTML, multipart/form-data encoding algorithm). */
const ESCAPED: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

/** The name that the user sees: without the escapes of a form, in Unicode normal form C. */
export function cleanFileName(name: string): string {
  return name.replace(/%(?:22|0D|0A)/g, (escape) => ESCAPED[escape] ?? escape).normalize('NFC');
}

/** Returns why a file of that name is refused, or undefined. */
export function refuseFileName(name: string): UploadRefusal | undefined {
  if (!name.trim()) {
    return { code: 'file_name_missing', detail: 'All uploaded files must have names' };
  }
  if (name.length > FILE_NAME_MAX_CHARS || HOSTILE.test(name)) {
    return withFileName({ code: 'file_name_invalid', detail: 'A file name cannot be used' }, name);
  }
  if (EXTENSION.test(name)) return undefined;
  const detail = 'Unsupported file type. Supported: .txt, .csv, .xlsx';
  return withFileName({ code: 'file_type_not_supported', detail }, name);
}

/** Appends the file name to the detail, shortened and without control and format characters. */
export function withFileName({ code, detail }: UploadRefusal, name: string): UploadRefusal {
  const shown = name.slice(0, SHOWN_MAX_CHARS + 1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  const capped =
    shown.length > SHOWN_MAX_CHARS ? `${shown.slice(0, SHOWN_MAX_CHARS).toWellFormed()}…` : shown;
  return { code, detail: `${detail}: ${capped}` };
}

/** Text files have one address per line and no columns. */
export const hasColumns = (name: string): boolean => !/\.txt$/i.test(name);
