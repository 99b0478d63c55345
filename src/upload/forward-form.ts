import type { IncomingMessage } from 'node:http';
import type { OpenUpload } from '../clients/provider/open-upload';
import type { TaskUploads } from '../clients/provider/task-uploads';
import { cleanFileName, refuseFileName, withFileName } from './file-name';
import { badUpload, fileTooLarge } from './errors';
import type { MinRate } from './min-rate';
import { type FormFile, readForm } from './multipart';

const MIB = 2 ** 20;
const FILES_MAX = 20;
/** Some clients append `[]` to the name of a list. */
export const FILE_FIELDS = ['files', 'files[]'];
const TEXT_FIELDS = ['file_metadata', 'webhook_url', 'user_id'];
const FIELD_UNKNOWN = { code: 'field_unknown', detail: 'Files belong into the field files' };
const FILE_EMPTY = { code: 'file_empty', detail: 'A file is empty' };

/** A file that was streamed to the provider, which accepts it only after `finish`. */
export interface ForwardedFile {
  /** Cleaned, as sent to the provider. */
  fileName: string;
  upload: OpenUpload;
}

export interface ForwardOptions {
  uploads: TaskUploads;
  token: string;
  fileMaxMib: number;
  /** Called with the size of each buffer after it was forwarded. */
  onForwarded: (bytes: number) => void;
  minRate?: MinRate;
}

/**
 * Forwards the files of a form while they arrive, without finishing any of them. If the form is
 * invalid or the client disconnects, all of them are aborted and the provider keeps nothing.
 */
export async function forwardForm(
  request: IncomingMessage,
  { uploads, token, fileMaxMib, onForwarded, minRate }: ForwardOptions,
): Promise<{ files: ForwardedFile[]; fields: Map<string, string> }> {
  const fileMaxBytes = fileMaxMib * MIB;
  const limits = { filesMax: FILES_MAX, fileMaxBytes, textFields: TEXT_FIELDS, minRate };
  const files: ForwardedFile[] = [];
  let failed = false;

  async function forward({ field, name: sentName, content }: FormFile): Promise<void> {
    const name = cleanFileName(sentName);
    const refusal = FILE_FIELDS.includes(field) ? refuseFileName(name) : FIELD_UNKNOWN;
    if (refusal) throw badUpload(refusal);
    let upload: OpenUpload | undefined;
    let size = 0;
    for await (const chunk of content) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > fileMaxBytes) throw fileTooLarge(fileMaxMib, name);
      if (failed) return;
      if (!upload) {
        upload = uploads.open({ token, fileName: name });
        files.push({ fileName: name, upload });
      }
      await upload.write(bytes);
      onForwarded(bytes.length);
    }
    if (!upload) throw badUpload(withFileName(FILE_EMPTY, name));
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
