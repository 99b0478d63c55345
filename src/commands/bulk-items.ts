import { bulkItemResults } from '../../workflows/core/bulk-request';
import { bulkItemTable } from '../terminal/bulk-text';
import { commandLine } from '../terminal/command-line';
import { bulkIdOf } from './bulk-id';
import { defineCommand, UsageError } from './command';
import { readNumber } from './filter-options';
import { withOperator } from './with-operator';

const LIMIT = { byDefault: 50, min: 1, max: 200 };

export const bulkItemsCommand = defineCommand({
  name: 'bulk items',
  usage: 'BULK_ID',
  about: 'list the notifications of a bulk resend, and what became of each',
  options: {
    result: {
      type: 'string',
      value: 'RESULT',
      about: bulkItemResults.join(', '),
    },
    limit: {
      type: 'string',
      value: 'N',
      about: `of a page, ${LIMIT.byDefault} by default`,
    },
    cursor: {
      type: 'string',
      value: 'CURSOR',
      about: 'of the next page, as a page names it',
    },
  },
  async run({ positionals, values: { result: wanted, limit: size, cursor } }) {
    const bulkId = bulkIdOf('bulk items', positionals);
    const limit = readNumber('limit', size, LIMIT);
    const result = bulkItemResults.find((it) => it === wanted);
    if (wanted !== undefined && !result) {
      throw new UsageError(`--result must be ${bulkItemResults.join(', ')}`);
    }
    const { items, nextCursor } = await withOperator(({ bulks }) =>
      bulks.items(bulkId, { cursor, limit, result }),
    );
    const next = commandLine('bulk items', [bulkId], {
      result,
      limit: size,
      cursor: nextCursor,
    });
    return {
      text: items.length > 0 ? bulkItemTable(items) : 'None found.',
      data: { items, nextCursor },
      hint: nextCursor && `Next page: ${next}`,
    };
  },
});
