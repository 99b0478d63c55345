import { Dicer } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { clientGone, tooSlow } from '../http/errors';
import { requireIdentityEncoding } from '../http/require-identity-encoding';
import { formTooLarge, invalidForm, tooManyFiles } from './errors';
import { type PartHeader, readDisposition, readField } from './form-part';
import { parseHeaderParameters } from './header-parameters';
import { enforceMinRate, MIN_RATE, type MinRate } from './min-rate';

const KIB = 2 ** 10;
const FIELDS_MAX = 20;
/** For everything outside the files: fields, headers and boundaries. */
const OVERHEAD_MAX_BYTES = 2 ** 20;
const HEADER_LIMITS = { maxHeaderPairs: 20, maxHeaderSize: 8 * KIB };
/** RFC 2046 §5.1.1, without spaces. */
const BOUNDARY = /^[\x21-\x7e]{1,70}$/;

export interface FormFile {
  field: string;
  /** As the client sent it. */
  name: string;
  content: Readable;
}

export interface FormLimits {
  filesMax: number;
  /** Limits the form as a whole; `onFile` must check the size of its file. */
  fileMaxBytes: number;
  /** Fields that are text even if they have a file name, such as a browser's `Blob`. */
  textFields?: readonly string[];
  minRate?: MinRate;
}

/**
 * Reads a multipart form while it arrives. Calls `onFile` with each file; it must consume the
 * content, and thereby sets the pace of the client. Resolves with the fields after the form has
 * ended and every `onFile` has resolved. Rejects with the first error, also one of `onFile`, and
 * leaves the rest of the request unread.
 */
export function readForm(
  request: IncomingMessage,
  { filesMax, fileMaxBytes, textFields = [], minRate = MIN_RATE }: FormLimits,
  onFile: (file: FormFile) => Promise<void>,
): Promise<Map<string, string>> {
  // A request that is destroyed emits no more events.
  if (request.destroyed) throw clientGone();
  requireIdentityEncoding(request);
  const formMaxBytes = filesMax * fileMaxBytes + OVERHEAD_MAX_BYTES;
  if (Number(request.headers['content-length']) > formMaxBytes) throw formTooLarge();
  const parser = createParser(request);

  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const parts: Promise<void>[] = [];
    let fileCount = 0;
    let size = 0;
    let failed = false;
    let released = false;
    const rate = enforceMinRate(minRate, () => fail(tooSlow()));

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
      request.off('data', onData).off('end', onEnd).off('close', onClose);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      rate.received(chunk.length);
      if (size > formMaxBytes) return fail(formTooLarge());
      if (parser.write(chunk)) return;
      request.pause();
      rate.pause();
      parser.once('drain', () => {
        if (released) return;
        rate.resume();
        request.resume();
      });
    }
    function onEnd(): void {
      rate.stop();
      parser.end();
    }
    function onClose(): void {
      // What was received but not read is lost with the connection.
      if (!request.readableEnded) fail(clientGone());
    }

    async function readPart(header: PartHeader, content: Readable): Promise<void> {
      const { field, name } = readDisposition(header);
      if (field === undefined) throw invalidForm();
      if (name === undefined || textFields.includes(field)) return addField(field, content);
      fileCount += 1;
      if (fileCount > filesMax) throw tooManyFiles(filesMax);
      return onFile({ field, name, content });
    }
    async function addField(field: string, content: Readable): Promise<void> {
      if (fields.has(field) || fields.size === FIELDS_MAX) throw invalidForm();
      fields.set(field, '');
      fields.set(field, await readField(content));
    }

    parser.on('part', (part) => {
      // The parser reports the errors of the form.
      part.on('error', () => {});
      // The parser may wait for a part to be read on that has ended, which the part itself never does.
      part.on('end', () => part._read(0));
      part.on('header', (header) => {
        if (failed) return void part.resume();
        const taken = readPart(header as PartHeader, part);
        parts.push(taken);
        taken.catch((err: unknown) => fail(err as Error));
      });
    });
    parser.on('error', () => fail(invalidForm()));
    parser.on('finish', () => {
      if (failed) return;
      release();
      // Discards what follows the form.
      request.resume();
      Promise.all(parts).then(
        () => resolve(fields),
        (err: unknown) => fail(err as Error),
      );
    });

    // Without a listener, a broken connection would be an unhandled error.
    request.on('error', () => {});
    request.on('close', onClose).on('data', onData).on('end', onEnd);
  });
}

function createParser({ headers }: IncomingMessage): Dicer {
  const type = parseHeaderParameters(headers['content-type'] ?? '');
  const boundary = type?.parameters.get('boundary') ?? '';
  if (type?.value !== 'multipart/form-data' || !BOUNDARY.test(boundary)) throw invalidForm();
  return new Dicer({ boundary, ...HEADER_LIMITS });
}
