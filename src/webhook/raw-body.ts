import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { BUDGET_LIMITS, type BudgetRefusal, createBodyBudget } from './body-budget';
import { clientGone, payloadTooLarge, unavailable } from '../http/errors';
import { requireIdentityEncoding } from '../http/require-identity-encoding';

const BODY_MAX_BYTES = 32 * 2 ** 20;

interface BodyReaderOptions {
  limits?: Partial<typeof BUDGET_LIMITS>;
  /** Called for each body that is refused because memory is short or the sender is slow. */
  onRefused?: (reason: BudgetRefusal) => void;
}

/** Reads bodies as the exact bytes that were sent, within one memory budget for all of them. */
export function createBodyReader({ limits, onRefused }: BodyReaderOptions = {}) {
  const budget = createBodyBudget({ ...BUDGET_LIMITS, ...limits });

  /** Listens to events, because an iterator would pause the socket after each 64 KiB. */
  async function readBody(request: IncomingMessage): Promise<Buffer> {
    requireIdentityEncoding(request);
    if (Number(request.headers['content-length']) > BODY_MAX_BYTES) throw payloadTooLarge();

    return new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const body = budget.open((reason) => {
        onRefused?.(reason);
        stop(unavailable());
      });
      function onData(bytes: Buffer): void {
        size += bytes.length;
        if (size > BODY_MAX_BYTES) stop(payloadTooLarge());
        else if (body.reserve(bytes.length)) chunks.push(bytes);
      }
      function stop(refusal: Error): void {
        cleanUp();
        chunks.length = 0;
        request.pause();
        reject(refusal);
      }
      function cleanUp(): void {
        stopListening();
        request.off('data', onData);
        body.release();
      }
      const stopListening = finished(request, { writable: false }, (err) => {
        if (err) return stop(clientGone());
        cleanUp();
        resolve(Buffer.concat(chunks));
      });
      // The stream can still fail after a refusal; without a listener that would end the process.
      request.on('error', () => undefined).on('data', onData);
    });
  }

  return { readBody, usage: budget.usage };
}
