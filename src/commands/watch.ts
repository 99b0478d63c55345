import { loadOperatorConfig } from '../config/config';
import { uuid } from '../parse/scalars';
import { defineCommand, UsageError } from './command';
import { withNotifications } from './with-notifications';

export const watchCommand = defineCommand({
  name: 'watch',
  usage: 'TASK_ID',
  about: 'watch an upload that was made elsewhere, in case its webhook never comes',
  options: {},
  async run({ positionals: [id] }) {
    const taskId = uuid.parse(id);
    if (!taskId) throw new UsageError('watch needs a UUID');
    await withNotifications(loadOperatorConfig(), (notifications) =>
      notifications.watch({ taskId, ownCallback: true }),
    );
    return { task_id: taskId, watched: true };
  },
});
