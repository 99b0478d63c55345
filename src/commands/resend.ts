import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { loadOperatorConfig } from '../config/config';
import { defineCommand, UsageError } from './command';
import { createNotifications } from '../temporal/notifications';
import { withTemporal } from './with-temporal';

export const resendCommand = defineCommand({
  name: 'resend',
  usage: 'TASK_ID completed|failed',
  about: 'send the email of an upload again, or now if it has not been sent',
  options: {
    by: { type: 'string', value: 'NAME', about: 'who asks, for the ledger' },
    reason: { type: 'string', value: 'TEXT', about: 'why, for the ledger' },
    'request-id': { type: 'string', value: 'ID', about: 'the same ID twice is one resend' },
    'unless-sent': { type: 'boolean', about: 'do nothing if the email was sent, or may have been' },
  },
  async run({ positionals: [taskId = '', outcome = ''], values }) {
    const id = `bulk_upload_notification:${taskId.toLowerCase()}:${outcome}`;
    const notification = parseWorkflowId(id);
    if (!notification) throw new UsageError('resend needs a UUID and the outcome of the upload');
    const { by: requestedBy, reason, 'request-id': requestId } = values;
    const unlessSent = values['unless-sent'];
    const { temporal, resendWindowMs } = loadOperatorConfig();
    return withTemporal(temporal, async (client) => {
      const { taskQueue } = temporal;
      const notifications = createNotifications({ client, taskQueue, resendWindowMs });
      const request = { requestedBy, reason, requestId, unlessSent };
      const eventId = await notifications.resend(
        notification.taskId,
        notification.outcome,
        request,
      );
      return {
        text: `Requested: ${eventId}`,
        data: { eventId, requestId, requested: true },
        hint: `What became of it: bulk-notify show ${notification.taskId}`,
      };
    });
  },
});
