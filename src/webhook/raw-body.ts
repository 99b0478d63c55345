import type { IncomingMessage } from 'node:http';
import { collectBody } from '../http/collect-body';
import { unavailable } from '../http/errors';
import { BUDGET_LIMITS, type BudgetRefusal, createBodyBudget } from './body-budget';

const BODY_MAX_BYTES = 32 * 2 ** 20;

interface BodyReaderOptions {
  limits?: Partial<typeof BUDGET_LIMITS>;
  /** Called for each body that is refused because memory is short or the sender is slow. */
  onRefused?: (reason: BudgetRefusal) => void;
}

/** Reads bodies as the exact bytes that were sent, within one memory budget for all of them. */
export function createBodyReader({ limits, onRefused }: BodyReaderOptions = {}) {
  const budget = createBodyBudget({ ...BUDGET_LIMITS, ...limits });

  async function readBody(request: IncomingMessage): Promise<Buffer> {
    const { body, stop } = collectBody(request, BODY_MAX_BYTES, (bytes) => share.reserve(bytes));
    const share = budget.open((reason) => {
      onRefused?.(reason);
      stop(unavailable());
    });
    return body.finally(share.release);
  }

  return { readBody, usage: budget.usage };
}
