import type { Outcome } from '../../workflows/core/outcome';
import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { composeMessage } from '../clients/smtp/compose-message';
import { loadPreviewConfig } from '../config/config';
import { type MailPreview, previewMail } from '../operator/preview-mail';
import { visible } from '../terminal/visible';
import { defineCommand, type RawOutput, type Report, UsageError } from './command';
import type { Operator } from './create-operator';
import { readNumber } from './filter-options';
import { withOperator } from './with-operator';

const OUTCOMES: readonly Outcome[] = ['completed', 'failed'];
const FILE_NAME = 'customers.csv';
const COUNT = { byDefault: 1_000, min: 0, max: Number.MAX_SAFE_INTEGER };

/** With the variables of the worker that have to do with the email. */
export const previewCommand = defineCommand({
  name: 'preview',
  usage: '',
  about: 'show the emails as they would be sent; sends nothing',
  options: {
    'file-name': { type: 'string', value: 'NAME', about: `${FILE_NAME} by default` },
    count: { type: 'string', value: 'N', about: 'how many addresses the file has' },
    outcome: { type: 'string', value: 'OUTCOME', about: 'completed or failed; both by default' },
    event: { type: 'string', value: 'EVENT_ID', about: 'of a past notification, from the ledger' },
    raw: { type: 'boolean', about: 'the bytes of one message' },
  },
  async run({ values: { outcome, event, raw, 'file-name': fileName, count } }) {
    const outcomes = OUTCOMES.filter((it) => outcome === undefined || it === outcome);
    if (outcomes.length === 0) throw new UsageError('--outcome must be completed or failed');
    if (event !== undefined) {
      if (fileName ?? count ?? outcome) throw new UsageError('--event says which email it is');
      return output(await previewOf(event), raw);
    }
    if (raw && outcomes.length > 1) throw new UsageError('--raw needs --outcome or --event');
    const emailCount = readNumber('count', count, COUNT);
    const composer = { sender: loadPreviewConfig().sender, composeMessage };
    const contents = outcomes.map((it) => ({
      outcome: it,
      fileName: fileName ?? FILE_NAME,
      emailCount,
    }));
    return output(await Promise.all(contents.map((it) => previewMail(it, composer))), raw);
  },
});

async function previewOf(event: string): Promise<MailPreview[]> {
  const eventId = event.toLowerCase();
  if (!parseWorkflowId(eventId)) {
    throw new UsageError('--event must be bulk_upload_notification:TASK_ID:completed or …:failed');
  }
  const { sender, ...config } = loadPreviewConfig();
  const find = ({ previewsOf }: Operator) => previewsOf(sender).ofNotification(eventId);
  const found = await withOperator(find, config);
  return found ? [found] : [];
}

function output(previews: MailPreview[], raw = false): Report | RawOutput {
  const [first] = previews;
  if (raw && first) return { raw: first.raw };
  return {
    text: first ? previews.map(previewText).join('\n\n') : 'The ledger knows no email of it.',
    data: { mails: previews.map((it) => ({ ...it, raw: it.raw.toString() })) },
    exitCode: first ? 0 : 1,
  };
}

function previewText({ outcome, headers, text }: MailPreview): string {
  return [
    `The email for an upload that has ${outcome}:`,
    '',
    ...headers.map(({ name, value }) => `${name}: ${visible(value)}`),
    '',
    ...text.split('\n').map(visible),
  ].join('\n');
}
