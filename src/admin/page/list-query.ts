import {
  filterFields,
  type FilterFields,
  type NotificationFilter,
  parseFilter,
} from '../../operator/notification-filter';

export type FilterTexts = Partial<Record<keyof FilterFields, string>>;

const NOT_AN_ADDRESS = 'user: must be an ID. To find an address, use the search box above.';
const NAMES = Object.keys(filterFields.shape) as (keyof FilterFields)[];

/** The filter of a URL or form, as it was written; blank fields are left out. */
export function readFilterTexts(fields: URLSearchParams): FilterTexts {
  const given = NAMES.map((name) => [name, fields.get(name)?.trim()] as const);
  return Object.fromEntries(given.filter(([, text]) => text));
}

/** The filter that the texts mean, or what is wrong with them. */
export function parseFilterTexts(
  texts: FilterTexts,
  now: Date,
): { filter: NotificationFilter } | { faults: string[] } {
  return texts.user?.includes('@') ? { faults: [NOT_AN_ADDRESS] } : parseFilter(texts, now);
}

/** Without an address, which no link of ours may pass on. */
export function withoutAddress({ user, ...texts }: FilterTexts): FilterTexts {
  return { ...texts, ...(user && !user.includes('@') && { user }) };
}

export const hasFilter = (texts: FilterTexts): boolean => Object.keys(texts).length > 0;

/** A path with what is defined of these as its query. */
export function pathWith(path: string, fields: Record<string, string | undefined>): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  const query = new URLSearchParams(given).toString();
  return query ? `${path}?${query}` : path;
}
