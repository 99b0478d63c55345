import type { ResendSignal } from '../../workflows/notification/messages';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { loadOperatorConfig } from '../config/config';
import { concealAddresses } from '../operator/conceal-addresses';
import { isRequestId, requestResend, ResendUnconfirmed } from '../operator/request-resend';
import { createNotifications } from '../temporal/notifications';
import { commandLine } from '../terminal/command-line';
import { visible } from '../terminal/visible';
import { defineCommand, type Report, UsageError } from './command';
import { withOperator } from './with-operator';
import { withTemporal } from './with-temporal';

const WAIT_TIMEOUT_MS = 60_000;

export const resendCommand = defineCommand({
  name: 'resend',
  usage: 'TASK_ID completed|failed',
  about: 'send the email of an upload again, or now if it has not been sent',
  options: {
    by: { type: 'string', value: 'NAME', about: 'who asks, for the ledger' },
    reason: { type: 'string', value: 'TEXT', about: 'why, for the ledger' },
    'request-id': { type: 'string', value: 'ID', about: 'the same ID twice is one resend' },
    'unless-sent': { type: 'boolean', about: 'do nothing if the email was sent, or may have been' },
    wait: { type: 'boolean', about: 'say what became of it, after a minute at most' },
  },
  async run({ positionals: [taskId = '', outcome = ''], values }) {
    const eventId = `bulk_upload_notification:${taskId.toLowerCase()}:${outcome}`;
    if (!parseWorkflowId(eventId)) {
      throw new UsageError('resend needs a UUID and the outcome of the upload');
    }
    const { by: requestedBy, reason, 'request-id': requestId, 'unless-sent': unlessSent } = values;
    if (requestId !== undefined && !isRequestId(requestId)) {
      throw new UsageError('--request-id must be 1 to 64 characters without controls');
    }
    const signal = { requestedBy, reason, requestId, unlessSent };
    try {
      return await (values.wait ? requestAndWait(eventId, signal) : request(eventId, signal));
    } catch (err) {
      throw err instanceof ResendUnconfirmed ? withRepeat(err) : err;
    }
  },
});

function withRepeat({ message, requestId, cause }: ResendUnconfirmed): Error {
  const repeat = `Repeat it with --request-id ${requestId}: it stays the same request`;
  return new Error(`${message}. ${repeat}`, { cause });
}

/** Needs Temporal only. */
function request(eventId: string, signal: ResendSignal): Promise<Report> {
  const { temporal, resendWindowMs } = loadOperatorConfig();
  return withTemporal(temporal, async (client) => {
    const { taskQueue } = temporal;
    const notifications = createNotifications({ client, taskQueue, resendWindowMs });
    const { requestId } = await requestResend(notifications, eventId, signal);
    return {
      text: `Requested as ${visible(requestId)}.`,
      data: { eventId, requestId, requested: true },
      hint: `What became of it: ${commandLine('show', [eventId])}`,
    };
  });
}

/** Ends with 1 unless the email was sent, then or before. */
function requestAndWait(eventId: string, signal: ResendSignal): Promise<Report> {
  return withOperator(async ({ resends }) => {
    const { unlessSent } = signal;
    const { requestId } = await resends.request(eventId, signal);
    const ended = await resends.waitFor(eventId, requestId, WAIT_TIMEOUT_MS, { unlessSent });
    const { result, sentence } = concealAddresses(ended);
    return {
      text: visible(result === 'waiting' ? `Requested as ${requestId}. ${sentence}` : sentence),
      data: { eventId, requestId, requested: true, result, sentence },
      hint: `More: ${commandLine('show', [eventId])}`,
      exitCode: result === 'sent' || result === 'already_sent' ? 0 : 1,
    };
  });
}
