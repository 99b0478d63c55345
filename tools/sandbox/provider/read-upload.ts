import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { invalid } from './provider-errors';

export interface UploadForm {
  filename: string;
  content: Buffer;
  fields: Map<string, string>;
}

const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The multipart form of an upload. Throws the provider's refusal if it is no such form. */
export async function readUpload(request: IncomingMessage): Promise<UploadForm> {
  const fields = new Map<string, string>();
  const files: Promise<{ filename: string; content: Buffer; truncated: boolean }>[] = [];
  try {
    const parser = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: MAX_FILE_BYTES },
    });
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('file', (name, stream, { filename = '' }) => {
      if (name !== 'file') return stream.resume();
      const file = buffer(stream).then((content) => ({
        filename,
        content,
        truncated: stream.truncated === true,
      }));
      // A form that breaks off is refused below; its file must not be an unhandled rejection.
      file.catch(() => {});
      return files.push(file);
    });
    await pipeline(request, parser);
  } catch {
    throw invalid('file', 'invalid', 'Request must be multipart/form-data');
  }

  const file = await files[0];
  if (!file) throw invalid('file', 'required', 'File is required');
  if (file.truncated) throw invalid('file', 'too_large', 'File exceeds the maximum size of 10 MB');
  return { filename: file.filename, content: file.content, fields };
}
