import { concealedUnless } from '../operator/conceal-addresses';
import { bulkTable } from '../terminal/bulk-text';
import { defineCommand } from './command';
import { REVEAL_OPTION } from './reveal';
import { withOperator } from './with-operator';

export const bulkListCommand = defineCommand({
  name: 'bulk list',
  usage: '',
  about: 'list the latest bulk resends',
  options: REVEAL_OPTION,
  async run({ values: { reveal } }) {
    const bulks = concealedUnless(reveal, await withOperator((operator) => operator.bulks.list()));
    return {
      text: bulks.length > 0 ? bulkTable(bulks) : 'There was none.',
      data: { bulks },
      hint: bulks.length > 0 ? 'One of them: bulk-notify bulk show BULK_ID' : undefined,
    };
  },
});
