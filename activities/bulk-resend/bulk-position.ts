import type { NotificationFilter } from '../../workflows/core/notification-filter';

/** Up to where the lists of a bulk resend, one after the other, were searched. */
interface Position {
  /** Counts from 0. */
  list: number;
  /** Within the list; absent at its beginning. */
  cursor?: string;
}

/** The list to search next; undefined after the last one. */
export function nextSearch(
  selections: NotificationFilter[],
  position: string | undefined,
): { filter: NotificationFilter; cursor?: string; after(nextCursor?: string): string } | undefined {
  const { list, cursor } =
    position === undefined ? { list: 0 } : (JSON.parse(position) as Position);
  const filter = selections[list];
  if (!filter) return undefined;
  return {
    ...{ filter, cursor },
    after: (nextCursor) =>
      JSON.stringify(
        (nextCursor === undefined
          ? { list: list + 1 }
          : { list, cursor: nextCursor }) satisfies Position,
      ),
  };
}
