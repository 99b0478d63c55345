import { commandLine } from '../terminal/command-line';
import { bulkIdOf } from './bulk-id';
import { defineCommand } from './command';
import { withOperator } from './with-operator';

export const bulkCancelCommand = defineCommand({
  name: 'bulk cancel',
  usage: 'BULK_ID',
  about: 'stop a bulk resend before its next email; what was requested goes on',
  options: {},
  async run({ positionals }) {
    const bulkId = bulkIdOf('bulk cancel', positionals);
    const cancelled = await withOperator(({ bulks }) => bulks.cancel(bulkId));
    return {
      text: cancelled ? 'Cancelled: it stops before its next email.' : 'It is not running.',
      data: { bulkId, cancelled },
      hint: `What it did: ${commandLine('bulk show', [bulkId])}`,
      exitCode: cancelled ? 0 : 1,
    };
  },
});
