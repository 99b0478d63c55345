import { type FittingResend, fittingResend } from '../../src/operator/fitting-resend';
import type { Attempt } from '../../src/operator/ledger-reader';
import type { NotificationDetail } from '../../src/operator/shown';
import { notificationDetail } from '../support/memory-search';

const attempt = (change: Partial<Attempt>): Attempt => ({
  ...{ id: '1', resend: 0, verdict: 'ambiguous', messageId: '<1@x>' },
  claimedAt: '2026-03-10T12:00:00.000Z',
  ...change,
});
const stranded = { state: 'waiting', runStatus: 'closed' } as const;

it.each<[string, Partial<NotificationDetail>, FittingResend | undefined]>([
  ['waits', { state: 'waiting', runStatus: 'open' }, 'unless_sent'],
  ['waits for a resend', { state: 'waiting', runStatus: 'open', sentCount: 1 }, 'plain'],
  ['is parked', { state: 'parked', reason: 'refused' }, 'unless_sent'],
  ['is parked after a mail', { state: 'parked', reason: 'gave_up', sentCount: 1 }, 'plain'],
  ['may have been sent', { state: 'parked', reason: 'uncertain' }, 'maybe_twice'],
  ['is stranded', stranded, 'unless_sent'],
  ['is stranded after a mail', { ...stranded, sentCount: 1, attempts: [attempt({})] }, 'plain'],
  ['is stranded at the relay', { ...stranded, attempts: [attempt({})] }, 'maybe_twice'],
  [
    'waits after an attempt without an answer',
    { state: 'waiting', runStatus: 'open', attempts: [attempt({})] },
    'unless_sent',
  ],
  ['was sent', { state: 'sent', sentCount: 1 }, 'once_more'],
  ['has nothing to send', { state: 'nothing_to_send' }, 'look_again'],
  ['was handed over', { state: 'handed_over' }, undefined],
])('the resend of one that %s', (_what, detail, expected) => {
  expect(fittingResend(notificationDetail({ sentCount: 0, ...detail }))).toBe(expected);
});
