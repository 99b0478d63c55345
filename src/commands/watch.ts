import { loadWatchConfig } from '../config/config';
import { uuid } from '../parse/scalars';
import { createUploadWatches } from '../temporal/upload-watches';
import { defineCommand, UsageError } from './command';
import { withTemporal } from './with-temporal';

export const watchCommand = defineCommand({
  name: 'watch',
  usage: 'TASK_ID',
  about: 'watch an upload that was made elsewhere; if it is watched already, check it now',
  options: {},
  async run({ positionals: [id] }) {
    const taskId = uuid.parse(id);
    if (!taskId) throw new UsageError('watch needs a UUID');
    const { temporal, resendWindowMs, uploadWatch } = loadWatchConfig();
    return withTemporal(temporal, async (client) => {
      const { taskQueue } = temporal;
      const options = { ...uploadWatch, resendWindowMs };
      const uploadWatches = createUploadWatches({ client, taskQueue, options });
      const started = await uploadWatches.watch({ taskId, ownCallback: true });
      if (!started) await uploadWatches.checkNow(taskId);
      return {
        text: started
          ? 'The upload is watched now.'
          : 'The upload was watched already: it is checked now.',
        data: { taskId, watched: true, checkedNow: !started },
        hint: `What became of it: bulk-notify show ${taskId}`,
      };
    });
  },
});
