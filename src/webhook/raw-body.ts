import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { BUDGET_LIMITS, type BudgetRefusal, createBodyBudget } from './body-budget';
import { clientGone, payloadTooLarge, unavailable } from '../http/errors';
import { requireIdentity } from '../http/require-identity';

const BODY_MAX_BYTES = 32 * 2 ** 20;

interface BodyReaderOptions {
  limits?: Partial<typeof BUDGET_LIMITS>;
  /** For each body that is refused for want of room or of progress. */
  onRefused?: (reason: BudgetRefusal) => void;
}

/** Reads bodies as the exact bytes that were sent, within one budget of memory for all of them. */
export function createBodyReader({ limits, onRefused }: BodyReaderOptions = {}) {
  const budget = createBodyBudget({ ...BUDGET_LIMITS, ...limits });

  /** By events: an iterator would stop and start the socket for each 64 KiB. */
  async function readBody(request: IncomingMessage): Promise<Buffer> {
    requireIdentity(request);
    if (Number(request.headers['content-length']) > BODY_MAX_BYTES) throw payloadTooLarge();

    return new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const body = budget.open((reason) => {
        onRefused?.(reason);
        stop(unavailable());
      });
      function take(bytes: Buffer): void {
        size += bytes.length;
        if (size > BODY_MAX_BYTES) stop(payloadTooLarge());
        else if (body.reserve(bytes.length)) chunks.push(bytes);
      }
      function stop(refusal: Error): void {
        letGo();
        chunks.length = 0;
        request.pause();
        reject(refusal);
      }
      function letGo(): void {
        unwatch();
        request.off('data', take);
        body.release();
      }
      const unwatch = finished(request, { writable: false }, (err) => {
        if (err) return stop(clientGone());
        letGo();
        resolve(Buffer.concat(chunks));
      });
      // After a refusal the stream may still fail, which changes nothing.
      request.on('error', () => undefined).on('data', take);
    });
  }

  return { readBody, usage: budget.usage };
}
