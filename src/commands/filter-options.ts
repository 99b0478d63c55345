import {
  ledgerStates,
  type NotificationFilter,
  parkReasons,
  parseFilter,
} from '../operator/notification-filter';
import { type Options, UsageError } from './command';

/** The filters of `list` and of bulk resends. */
export const FILTER_OPTIONS = {
  state: { type: 'string', value: 'STATE', about: ledgerStates.join(', ') },
  reason: { type: 'string', value: 'REASON', about: `why parked: ${parkReasons.join(', ')}` },
  outcome: { type: 'string', value: 'OUTCOME', about: 'of the upload: completed, failed' },
  user: { type: 'string', value: 'USER_ID', about: 'the owner of the upload' },
  file: { type: 'string', value: 'TEXT', about: "a part of the file's name" },
  from: {
    type: 'string',
    value: 'TIME',
    about: 'not older: 24h, 7d, 2026-03-01, 2026-03-01T08:00:00Z',
  },
  to: { type: 'string', value: 'TIME', about: 'older than this' },
} satisfies Options;

type FilterValues = Partial<Record<keyof typeof FILTER_OPTIONS, string>>;

/** Ages such as 24h become instants. */
export function readFilter(values: FilterValues): NotificationFilter {
  const { state, reason, outcome, user, file, from, to } = values;
  const parsed = parseFilter({ state, reason, outcome, user, file, from, to }, new Date());
  if ('filter' in parsed) return parsed.filter;
  throw new UsageError(parsed.faults.map((fault) => `--${fault}`).join('\n'));
}

/** A whole number of an option, within its bounds. */
export function readNumber(
  name: string,
  text: string | undefined,
  { byDefault, min, max }: { byDefault: number; min: number; max: number },
): number {
  const value = text === undefined ? byDefault : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`);
}
