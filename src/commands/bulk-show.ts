import { concealedUnless } from '../operator/conceal-addresses';
import { bulkText } from '../terminal/bulk-text';
import { commandLine } from '../terminal/command-line';
import { bulkIdOf } from './bulk-id';
import { defineCommand } from './command';
import { REVEAL_OPTION } from './reveal';
import { withOperator } from './with-operator';

export const bulkShowCommand = defineCommand({
  name: 'bulk show',
  usage: 'BULK_ID',
  about: 'show the progress of a bulk resend',
  options: REVEAL_OPTION,
  async run({ positionals, values: { reveal } }) {
    const bulkId = bulkIdOf('bulk show', positionals);
    const found = await withOperator(({ bulks }) => bulks.show(bulkId));
    if (!found) {
      return {
        text: 'There is no such bulk resend.',
        data: { found: false },
        exitCode: 1,
      };
    }
    const bulk = concealedUnless(reveal, found);
    return {
      text: bulkText(bulk),
      data: { found: true, bulk },
      hint: [
        `One by one: ${commandLine('bulk items', [bulkId])}`,
        ...(bulk.state === 'running' ? [`Stop it: ${commandLine('bulk cancel', [bulkId])}`] : []),
      ].join('\n'),
    };
  },
});
