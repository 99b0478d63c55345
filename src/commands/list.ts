import { concealedUnless } from '../operator/conceal-addresses';
import { pageCursor } from '../operator/page-cursor';
import { commandLine } from '../terminal/command-line';
import { optionsOfFilter } from '../terminal/filter-text';
import { utc } from '../terminal/instant';
import { countsText, notificationTable } from '../terminal/notification-table';
import { defineCommand, UsageError } from './command';
import { FILTER_OPTIONS, readFilter, readNumber } from './filter-options';
import { REVEAL_OPTION } from './reveal';
import { withOperator } from './with-operator';

const LIMIT = { byDefault: 20, min: 1, max: 200 };

export const listCommand = defineCommand({
  name: 'list',
  usage: '',
  about: 'list notifications, the newest first, with counts by state and reason',
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string', value: 'N', about: `of a page, ${LIMIT.byDefault} by default` },
    cursor: { type: 'string', value: 'CURSOR', about: 'of the next page, as a page names it' },
    ...REVEAL_OPTION,
  },
  async run({ values: { limit: wanted, cursor, reveal, ...fields } }) {
    const filter = readFilter(fields);
    const limit = readNumber('limit', wanted, LIMIT);
    if (cursor !== undefined && !pageCursor.safeParse(cursor).success) {
      throw new UsageError('--cursor is not the cursor of a list');
    }
    const [page, counts] = await withOperator(({ search }) =>
      Promise.all([search.list(filter, { cursor, limit }), search.count(filter)]),
    );
    const { notifications, nextCursor, searchedTo } = concealedUnless(reveal, page);
    const next = { ...optionsOfFilter(filter), limit: wanted, cursor: nextCursor };
    return {
      text: [
        notifications.length > 0 ? notificationTable(notifications) : 'None found.',
        ...(counts.length > 0 ? [`In all: ${countsText(counts)}`] : []),
      ].join('\n\n'),
      data: { notifications, counts, nextCursor, searchedTo },
      hint: [
        ...(searchedTo ? [`Searched back to ${utc(searchedTo)} UTC.`] : []),
        ...(nextCursor ? [`Next page: ${commandLine('list', [], next)}`] : []),
      ].join('\n'),
    };
  },
});
