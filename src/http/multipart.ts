import { Busboy } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  clientGone,
  fieldTooLarge,
  formTooLarge,
  invalidForm,
  stalled,
  tooManyFiles,
} from './errors';
import { requireIdentity } from './require-identity';

const KIB = 2 ** 10;
/** Far beyond what a form of ours has; the parser's own limits are none, or megabytes. */
const LIMITS = { fields: 20, fieldSize: 64 * KIB, headerPairs: 20, headerSize: 8 * KIB };
/** For all that is not in files: fields, headers, boundaries. */
const BESIDE_FILES = 2 ** 20;
const SILENCE = 60_000;

export interface FormFile {
  field: string;
  /** As the client sent it. */
  name: string;
  content: Readable;
}

export interface FormLimits {
  files: number;
  /** Bytes. `takeFile` has to keep to it for each file; here it bounds the whole. */
  fileSize: number;
  /** Milliseconds without a byte from the client, after which it is given up. */
  silence?: number;
}

/**
 * Reads a multipart form as it comes: `takeFile` gets each file and has to consume its content,
 * whose pace is the client's pace. Gives the fields once the form has ended and every file was
 * taken. Rejects at the first thing that is wrong, or that `takeFile` rejects with; the rest of the
 * request is then left unread.
 */
export function readForm(
  request: IncomingMessage,
  { files, fileSize, silence = SILENCE }: FormLimits,
  takeFile: (file: FormFile) => Promise<void>,
): Promise<Map<string, string>> {
  requireIdentity(request);
  const largest = files * fileSize + BESIDE_FILES;
  if (Number(request.headers['content-length']) > largest) throw formTooLarge();
  const parser = createParser(request, files);

  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const taken: Promise<void>[] = [];
    let size = 0;
    let failed = false;

    function fail(reason: Error): void {
      if (failed) return;
      failed = true;
      release();
      reject(reason);
    }
    function release(): void {
      request.unpipe(parser);
      request.off('data', measure).off('close', gone).setTimeout(0);
    }
    function measure(chunk: Buffer): void {
      size += chunk.length;
      if (size > largest) fail(formTooLarge());
    }
    function gone(): void {
      if (!request.complete) fail(clientGone());
    }

    parser.on('file', (field, content, name) => {
      // An error of the form is the parser's to report.
      content.on('error', () => {});
      if (failed) return void content.resume();
      taken.push(takeFile({ field, name, content }));
      taken.at(-1)?.catch((err: unknown) => fail(err as Error));
    });
    parser.on('field', (name: string | undefined, value, _nameTruncated, truncated) => {
      if (truncated) fail(fieldTooLarge());
      else if (name === undefined || fields.has(name)) fail(invalidForm());
      else fields.set(name, value);
    });
    parser.on('filesLimit', () => fail(tooManyFiles(files)));
    parser.on('fieldsLimit', () => fail(invalidForm()));
    parser.on('partsLimit', () => fail(invalidForm()));
    parser.on('error', () => fail(invalidForm()));
    parser.on('finish', () => {
      release();
      Promise.all(taken).then(
        () => resolve(fields),
        (err: unknown) => fail(err as Error),
      );
    });

    // Without a listener the end of a broken connection would be nobody's error.
    request.on('error', () => {});
    request
      .on('close', gone)
      .on('data', measure)
      .setTimeout(silence, () => fail(stalled()));
    request.pipe(parser);
  });
}

function createParser(request: IncomingMessage, files: number) {
  const { 'content-type': type = '' } = request.headers;
  if (!/^multipart\/form-data\s*;/i.test(type)) throw invalidForm();
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { ...LIMITS, files, parts: files + LIMITS.fields },
      isPartAFile: (_field, _type, name) => name !== undefined,
      preservePath: true,
    });
  } catch {
    throw invalidForm();
  }
}
