import type { IncomingMessage } from 'node:http';
import type { OpenUpload, TaskUploads } from '../clients/provider/task-uploads';
import { cleanFileName, refuseFileName, withFileName } from './file-name';
import { badUpload, fileTooLarge } from '../http/errors';
import type { LeastRate } from './least-rate';
import { type FormFile, readForm } from './multipart';

const MIB = 2 ** 20;
const MOST_FILES = 20;
/** `files[]` is how some clients write a list. */
export const FILE_FIELDS = ['files', 'files[]'];
const TEXT_FIELDS = ['file_metadata', 'webhook_url', 'user_id'];
const UNKNOWN_FIELD = { code: 'field_unknown', detail: 'Files belong into the field files' };
const EMPTY = { code: 'file_empty', detail: 'A file is empty' };

/** A file whose bytes are at the provider; it counts only when `finish` has ended its form. */
export interface ForwardedFile {
  /** Clean, as the provider got it. */
  fileName: string;
  upload: OpenUpload;
}

export interface ForwardOptions {
  uploads: TaskUploads;
  token: string;
  /** MiB for each file. */
  maxMegabytes: number;
  /** Told the size of each buffer that was passed on. */
  passed: (bytes: number) => void;
  leastRate?: LeastRate;
}

/**
 * Passes on the files of a form while they arrive, and ends none of them. If anything is wrong with
 * the form, or its client leaves, the provider is left with nothing.
 */
export async function forwardForm(
  request: IncomingMessage,
  { uploads, token, maxMegabytes, passed, leastRate }: ForwardOptions,
): Promise<{ files: ForwardedFile[]; fields: Map<string, string> }> {
  const fileSize = maxMegabytes * MIB;
  const limits = { files: MOST_FILES, fileSize, textFields: TEXT_FIELDS, leastRate };
  const files: ForwardedFile[] = [];
  let failed = false;

  async function forward({ field, name: sentName, content }: FormFile): Promise<void> {
    const name = cleanFileName(sentName);
    const refusal = FILE_FIELDS.includes(field) ? refuseFileName(name) : UNKNOWN_FIELD;
    if (refusal) throw badUpload(refusal);
    let upload: OpenUpload | undefined;
    let size = 0;
    for await (const chunk of content) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > fileSize) throw fileTooLarge(maxMegabytes, name);
      if (failed) return;
      if (!upload) {
        upload = uploads.open({ token, fileName: name });
        files.push({ fileName: name, upload });
      }
      await upload.write(bytes);
      passed(bytes.length);
    }
    if (!upload) throw badUpload(withFileName(EMPTY, name));
  }

  try {
    const fields = await readForm(request, limits, forward);
    return { files, fields };
  } catch (err) {
    failed = true;
    files.forEach(({ upload }) => upload.abort());
    throw err;
  }
}
