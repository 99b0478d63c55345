import {
  type BulkOrder,
  DEFAULT_BULK_RATE_PER_SECOND,
  faultsOfBulk,
} from '../operator/bulk-resends';
import { concealAddresses } from '../operator/conceal-addresses';
import { agesOf } from '../operator/notification-filter';
import { bulkPreviewText } from '../terminal/bulk-text';
import { commandLine } from '../terminal/command-line';
import { optionsOfFilter } from '../terminal/filter-text';
import { defineCommand, type Report, UsageError } from './command';
import type { Operator } from './create-operator';
import { FILTER_OPTIONS, readFilter } from './filter-options';
import { withOperator } from './with-operator';

export const bulkResendCommand = defineCommand({
  name: 'bulk resend',
  usage: '',
  about: 'send the emails of many uploads (again); says how many, and sends with --apply only',
  options: {
    ...FILTER_OPTIONS,
    'include-sent': {
      type: 'boolean',
      about: 'also what was sent, or may have been',
    },
    apply: { type: 'boolean', about: 'start it' },
    'request-id': {
      type: 'string',
      value: 'ID',
      about: 'with --apply: of this bulk; the same again goes on with it',
    },
    rate: {
      type: 'string',
      value: 'N',
      about: `emails a second, ${DEFAULT_BULK_RATE_PER_SECOND} by default`,
    },
    by: { type: 'string', value: 'NAME', about: 'who asks, for the ledger' },
    why: { type: 'string', value: 'TEXT', about: 'for the ledger' },
  },
  async run({ values }) {
    const {
      apply,
      by: requestedBy,
      why: reason,
      rate,
      'include-sent': includeSent = false,
    } = values;
    const { 'request-id': requestId = '' } = values;
    const filter = readFilter(values);
    const ratePerSecond = rate === undefined ? DEFAULT_BULK_RATE_PER_SECOND : Number(rate);
    const order = {
      filter,
      ages: agesOf(values),
      includeSent,
      requestId,
      requestedBy,
      reason,
      ratePerSecond,
    };
    const faults = faultsOfBulk(apply ? order : { ...order, requestId: 'not-yet-given' });
    if (faults.length > 0) throw new UsageError(faults.join('\n'));
    return withOperator(({ bulks }) => (apply ? start(bulks, order) : dryRun(bulks, order)));
  },
});

async function start(bulks: Operator['bulks'], order: BulkOrder): Promise<Report> {
  const { bulkId, isNew, refusal } = await bulks.start(order);
  const show = commandLine('bulk show', [bulkId]);
  if (refusal !== undefined) {
    const data = { bulkId, isNew, refusal };
    return { text: refusal, data, hint: `What that one selects: ${show}`, exitCode: 1 };
  }
  return {
    text: isNew ? `Started: ${bulkId}` : `It is running or has ended already: ${bulkId}`,
    data: { bulkId, isNew },
    hint: `Progress: ${show}`,
  };
}

async function dryRun(bulks: Operator['bulks'], order: BulkOrder): Promise<Report> {
  const { filter, includeSent } = order;
  const preview = concealAddresses(await bulks.preview(filter, { includeSent }));
  return {
    text: bulkPreviewText(preview),
    data: { dryRun: true, ...preview },
    hint:
      preview.count > 0 || preview.isCapped ? `Nothing was sent. ${applyHint(order)}` : undefined,
  };
}

/** With instants in place of ages, so that it applies to what the dry run saw. */
function applyHint({ filter, includeSent, requestedBy, reason, ...order }: BulkOrder): string {
  const command = commandLine('bulk resend', [], {
    ...optionsOfFilter(filter),
    'include-sent': includeSent || undefined,
    rate: order.ratePerSecond,
    by: requestedBy ?? 'NAME',
    why: reason ?? 'TEXT',
    'request-id': order.requestId || 'TICKET',
    apply: true,
  });
  return `To send them: ${command}`;
}
