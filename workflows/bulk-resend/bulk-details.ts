import type { OpenedBulk } from '../../activities/bulk-resend/resend-in-bulk';
import type { BulkProgress, BulkRequest } from '../core/bulk-request';
import { oneLine } from '../core/one-line';

export type BulkRunState = 'running' | 'completed' | 'cancelled';

const HEADLINES: Record<BulkRunState, string> = {
  running: 'Resending',
  completed: 'Completed',
  cancelled: 'Cancelled',
};

interface BulkToShow {
  state: BulkRunState;
  request: BulkRequest;
  bulk: OpenedBulk;
  progress: BulkProgress;
}

/** The bulk resend in a person's words (markdown), shown as the current details of its workflow. */
export function describeBulk({ state, request, bulk, progress }: BulkToShow): string {
  const { requested, already_sent, uncertain, failed } = progress;
  const { requestedBy, reason } = request;
  const matched = `${bulk.matched}${bulk.isMatchedCapped ? '+' : ''}`;
  const left = already_sent + uncertain;
  return [
    `**${HEADLINES[state]}: ${requested} of ${matched} requested**`,
    '',
    ...(state === 'running' ? ['- Cancel: the same request again goes on where it stopped'] : []),
    ...(state === 'cancelled' ? ['- The same request again goes on where it stopped'] : []),
    ...(left > 0 ? [`- Left alone: ${already_sent} already sent, ${uncertain} may be sent`] : []),
    ...(failed > 0 ? [`- Refused by Temporal: ${failed}`] : []),
    `- At most ${bulk.ratePerSecond} a second; ${describeFilter(bulk)}`,
    ...(requestedBy ? [`- Requested by ${codeSpan(requestedBy)}`] : []),
    ...(reason ? [`- Reason: ${codeSpan(reason)}`] : []),
  ].join('\n');
}

function describeFilter({ filter, includeSent }: OpenedBulk): string {
  const fields = Object.entries<string>({ ...filter }).map(
    ([name, value]) => `${name} ${codeSpan(value)}`,
  );
  return [...fields, ...(includeSent ? ['accepted mails included'] : [])].join(', ');
}

/** Hostile text as inert markdown. */
function codeSpan(text: string): string {
  return `\`${oneLine(text)}\``;
}
