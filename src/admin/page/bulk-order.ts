import { BULK_RATE_MAX_PER_SECOND } from '../../../workflows/core/bulk-request';
import {
  type BulkOrder,
  DEFAULT_BULK_RATE_PER_SECOND,
  faultsOfBulk,
} from '../../operator/bulk-resends';
import { type FilterTexts, parseFilterTexts, readFilterTexts } from './list-query';

/** A bulk resend as its form says it. */
export interface BulkChoice {
  filter: FilterTexts;
  includeSent: boolean;
  ratePerSecond: number;
}

export function readBulkChoice(fields: URLSearchParams): BulkChoice {
  return {
    filter: readFilterTexts(fields),
    includeSent: fields.get('include_sent') === 'yes',
    ratePerSecond: Number(fields.get('rate') || DEFAULT_BULK_RATE_PER_SECOND),
  };
}

type Who = Pick<BulkOrder, 'requestId' | 'requestedBy' | 'reason'>;

/**
 * The order, or why it is refused. It selects what was there when the dry run was made, `now`: what
 * comes later was not counted.
 */
export function toBulkOrder(
  { filter: texts, includeSent, ratePerSecond }: BulkChoice,
  who: Who,
  now: Date,
): { order: BulkOrder } | { faults: string[] } {
  const parsed = parseFilterTexts(texts, now);
  if ('faults' in parsed) return parsed;
  const order = { ...who, filter: parsed.filter, includeSent, ratePerSecond };
  const faults = faultsOfBulk(order);
  if (faults.length > 0) return { faults };
  return { order: { ...order, filter: { createdTo: now.toISOString(), ...parsed.filter } } };
}

export const rates = [1, DEFAULT_BULK_RATE_PER_SECOND, 20, BULK_RATE_MAX_PER_SECOND];

/** The filter with its ages frozen to instants, so that the confirmation means what was shown. */
export function frozen({ filter }: BulkOrder): FilterTexts {
  const { state, reason, outcome, userId, fileName, createdFrom, createdTo } = filter;
  const texts = { state, reason, outcome, user: userId, file: fileName };
  return Object.fromEntries(
    Object.entries({ ...texts, from: createdFrom, to: createdTo }).filter(([, text]) => text),
  );
}
