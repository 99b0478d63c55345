import type { UploadRefusal } from './upload-refusal';

const FILE_NAME_MAX_CHARS = 255;
const SHOWN_MAX_CHARS = 100;
/** Separators of paths, and what could end or hide a line wherever the name is shown. */
const HOSTILE = /[/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;
const EXTENSION = /\.(?:txt|csv|xlsx)$/i;
/** How browsers write these characters into a form (HTML, multipart/form-data encoding algorithm). */
const ESCAPED: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' };

/** The name that its user sees: without the escapes of a form, and in one normal form of Unicode. */
export function cleanFileName(name: string): string {
  return name.replace(/%(?:22|0D|0A)/g, (escape) => ESCAPED[escape] ?? escape).normalize('NFC');
}

/** Why a file of that name is not taken, or undefined. The name is the caller's word. */
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

/** Adds the file to the detail, without control and format characters and not at any length. */
export function withFileName({ code, detail }: UploadRefusal, name: string): UploadRefusal {
  const shown = name.slice(0, SHOWN_MAX_CHARS + 1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  const capped =
    shown.length > SHOWN_MAX_CHARS ? `${shown.slice(0, SHOWN_MAX_CHARS).toWellFormed()}…` : shown;
  return { code, detail: `${detail}: ${capped}` };
}

/** Plain text has one address a line, and no columns. */
export const hasColumns = (name: string): boolean => !/\.txt$/i.test(name);
