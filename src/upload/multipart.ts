import { Dicer } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  clientGone,
  fieldTooLarge,
  formTooLarge,
  invalidForm,
  tooManyFiles,
  tooSlow,
} from '../http/errors';
import { decodeExtendedValue, parseHeaderParameters } from './header-parameters';
import { LEAST_RATE, type LeastRate, watchRate } from './least-rate';
import { requireIdentity } from '../http/require-identity';

const KIB = 2 ** 10;
const FIELDS_MAX = 20;
const FIELD_MAX_BYTES = 64 * KIB;
/** For all that is not in files: fields, headers, boundaries. */
const BESIDE_FILES_MAX_BYTES = 2 ** 20;
const HEADER_LIMITS = { maxHeaderPairs: 20, maxHeaderSize: 8 * KIB };
/** RFC 2046 §5.1.1, and no blank at all. */
const BOUNDARY = /^[\x21-\x7e]{1,70}$/;

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
  /** Fields that are text even when they come as a file, such as a browser's `Blob`. */
  textFields?: readonly string[];
  leastRate?: LeastRate;
}

/**
 * Reads a multipart form as it comes: `takeFile` gets each file and has to consume its content,
 * whose pace is the client's pace. Gives the fields once the form has ended and every file was
 * taken. Rejects at the first thing that is wrong, or that `takeFile` rejects with; the rest of the
 * request is then left unread.
 */
export function readForm(
  request: IncomingMessage,
  { files, fileSize, textFields = [], leastRate = LEAST_RATE }: FormLimits,
  takeFile: (file: FormFile) => Promise<void>,
): Promise<Map<string, string>> {
  requireIdentity(request);
  const largest = files * fileSize + BESIDE_FILES_MAX_BYTES;
  if (Number(request.headers['content-length']) > largest) throw formTooLarge();
  const parser = createParser(request);

  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const parts: Promise<void>[] = [];
    let fileCount = 0;
    let size = 0;
    let failed = false;
    let released = false;
    const rate = watchRate(leastRate, () => fail(tooSlow()));

    function fail(reason: Error): void {
      if (failed) return;
      failed = true;
      release();
      request.pause();
      reject(reason);
    }
    function release(): void {
      released = true;
      rate.stop();
      request.off('data', take).off('end', end).off('close', gone);
    }
    function take(chunk: Buffer): void {
      size += chunk.length;
      rate.received(chunk.length);
      if (size > largest) return fail(formTooLarge());
      if (parser.write(chunk)) return;
      request.pause();
      rate.pause();
      parser.once('drain', () => {
        if (released) return;
        rate.resume();
        request.resume();
      });
    }
    function end(): void {
      rate.stop();
      parser.end();
    }
    function gone(): void {
      if (!request.complete) fail(clientGone());
    }

    async function takePart(header: PartHeader, content: Readable): Promise<void> {
      const { field, name } = readDisposition(header);
      if (field === undefined) throw invalidForm();
      if (name === undefined || textFields.includes(field)) return takeField(field, content);
      fileCount += 1;
      if (fileCount > files) throw tooManyFiles(files);
      return takeFile({ field, name, content });
    }
    async function takeField(field: string, content: Readable): Promise<void> {
      if (fields.has(field) || fields.size === FIELDS_MAX) throw invalidForm();
      fields.set(field, '');
      fields.set(field, await readField(content));
    }

    parser.on('part', (part) => {
      // An error of the form is the parser's to report.
      part.on('error', () => {});
      part.on('header', (header) => {
        if (failed) return void part.resume();
        const taken = takePart(header as PartHeader, part);
        parts.push(taken);
        taken.catch((err: unknown) => fail(err as Error));
      });
    });
    parser.on('error', () => fail(invalidForm()));
    parser.on('finish', () => {
      if (failed) return;
      release();
      // What follows the form is dropped.
      request.resume();
      Promise.all(parts).then(
        () => resolve(fields),
        (err: unknown) => fail(err as Error),
      );
    });

    // Without a listener the end of a broken connection would be an unhandled error.
    request.on('error', () => {});
    request.on('close', gone).on('data', take).on('end', end);
  });
}

type PartHeader = Record<string, string[] | undefined>;

function createParser({ headers }: IncomingMessage): Dicer {
  const type = parseHeaderParameters(headers['content-type'] ?? '');
  const boundary = type?.parameters.get('boundary') ?? '';
  if (type?.value !== 'multipart/form-data' || !BOUNDARY.test(boundary)) throw invalidForm();
  return new Dicer({ boundary, ...HEADER_LIMITS });
}

/** `filename*` is said to be for no form (RFC 7578 §4.2); a client that sends it means it. */
function readDisposition(header: PartHeader): { field?: string; name?: string } {
  const [first = '', ...others] = header['content-disposition'] ?? [];
  const disposition = parseHeaderParameters(first);
  if (disposition?.value !== 'form-data' || others.length > 0) return {};
  const { parameters } = disposition;
  const plain = parameters.get('filename');
  const extended = parameters.get('filename*');
  const name = extended === undefined ? plain : (decodeExtendedValue(extended) ?? plain ?? '');
  return { field: parameters.get('name'), name };
}

async function readField(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += (chunk as Buffer).length;
    if (size > FIELD_MAX_BYTES) throw fieldTooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
