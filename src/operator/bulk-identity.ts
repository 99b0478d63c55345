import { createHash } from 'node:crypto';
import { BULK_ID_PREFIX } from '../../workflows/core/bulk-request';
import type { FilterAges, NotificationFilter } from '../../workflows/core/notification-filter';

/** What a bulk resend is about. */
export interface BulkSelection {
  filter: NotificationFilter;
  /** Of the times of the filter, those that were given otherwise: as ages, or as an end to come. */
  ages?: FilterAges;
  /** Whether mails that were accepted before are sent once more. */
  includeSent: boolean;
}

/** A request ID is that of one bulk resend, whoever asks and whatever came of it. */
export function bulkIdOf(requestId: string): string {
  const hash = createHash('sha256').update(requestId).digest('hex');
  return `${BULK_ID_PREFIX}${hash.slice(0, 32)}`;
}

/** Until now, however it is asked for. */
const NOW = '0m';

/**
 * What comes after the first start is not part of it, however long it takes. An end to come is kept as
 * it was given: it names the same selection once it has passed.
 */
export function withUpperBound(
  { filter, ages, includeSent }: BulkSelection,
  now: Date,
): Required<BulkSelection> {
  const { createdTo } = filter;
  if (createdTo !== undefined && Date.parse(createdTo) < now.getTime()) {
    return { filter, ages: { ...ages }, includeSent };
  }
  return {
    filter: { ...filter, createdTo: now.toISOString() },
    ages: { ...ages, createdTo: ages?.createdTo ?? createdTo ?? NOW },
    includeSent,
  };
}

/** The fields of a filter, as every door calls them. */
const FIELDS: Record<keyof NotificationFilter, string> = {
  ...{ state: 'state', reason: 'reason', outcome: 'outcome', userId: 'user', fileName: 'file' },
  ...{ createdFrom: 'from', createdTo: 'to' },
};

/**
 * In what two selections differ. The same age is the same time, although it names another instant a
 * minute later: the same request is to be the same bulk resend.
 */
export function differingFields(one: BulkSelection, other: BulkSelection): string[] {
  const names = Object.keys(FIELDS) as (keyof NotificationFilter)[];
  const isSame = (name: keyof NotificationFilter) =>
    one.filter[name] === other.filter[name] || givenAs(name, one) === givenAs(name, other);
  return [
    ...names.filter((name) => !isSame(name)).map((name) => FIELDS[name]),
    ...(one.includeSent === other.includeSent ? [] : ['whether accepted mails are included']),
  ];
}

function givenAs(name: keyof NotificationFilter, { filter, ages }: BulkSelection) {
  const isTime = name === 'createdFrom' || name === 'createdTo';
  return (isTime && ages?.[name]) || filter[name];
}
