import type { Operator } from '../../src/admin/api/endpoint';
import type { BulkSummary, RecordedBulk } from '../../src/operator/bulk-reports';
import type { NotificationRow } from '../../src/operator/ledger-reader';
import type { NotificationDetail } from '../../src/operator/search';
import { leftAlone } from './memory-bulks';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
export const EVENT_ID = `bulk_upload_notification:${TASK_ID}:completed`;
export const BULK_ID = `bulk_resend:${'0123456789abcdef'.repeat(2)}`;
export const RECIPIENT = 'jane.doe@customer.example';
const AT = '2026-03-01T08:00:00.000Z';

export const ROW: NotificationRow = {
  ...{ eventId: EVENT_ID, taskId: TASK_ID, outcome: 'completed', state: 'sent' },
  ...{ userId: 'user-1', fileName: 'leads.csv', emailCount: 12, sentCount: 1 },
  ...{ createdAt: AT, updatedAt: AT },
};

export const DETAIL: NotificationDetail = {
  ...ROW,
  sentence: 'The relay has accepted the email.',
  webhookAt: AT,
  startedBy: 'webhook',
  attempts: [
    {
      ...{ id: '1', resend: 0, verdict: 'accepted', recipient: RECIPIENT },
      ...{ messageId: '<1@sender.example>', claimedAt: AT, submittedAt: AT, settledAt: AT },
      reply: '250 2.0.0 OK',
    },
  ],
  resends: [
    {
      ...{ requestId: 'r1', resend: 1, requestedBy: `Jane <${RECIPIENT}>`, reason: 'lost' },
      ...{ requestedAt: AT, result: 'waiting' },
    },
  ],
  runStatus: 'closed',
};

const SUMMARY: BulkSummary = {
  ...{ bulkId: BULK_ID, requestId: 'ticket-1', state: 'running', filter: { state: 'parked' } },
  ages: { createdTo: '0m' },
  ...{ includeSent: false, requestedBy: RECIPIENT, ratePerSecond: 5, startedAt: AT, matched: 3 },
};

export const BULK: RecordedBulk = {
  ...SUMMARY,
  counts: {
    ...{ pending: 1, requested: 2, already_sent: 0, uncertain: 0, failed: 0 },
    ...{ sent: 1, waiting: 1, parked: 0 },
  },
};

const PREVIEW = {
  ...{ outcome: 'completed' as const, subject: 'leads.csv is ready', text: 'Hello' },
  headers: [{ name: 'To', value: 'recipient@example.com' }],
  raw: Buffer.from('To: recipient@example.com\r\n\r\nHello'),
};

type Call = [name: string, ...args: unknown[]];

/** Knows one notification and one bulk resend, and records each call. */
export function fakeOperator() {
  const calls: Call[] = [];
  /** Set: what each call rejects with. */
  const outage: { error?: Error } = {};
  const answering =
    <Args extends unknown[], T>(name: string, answer: (...args: Args) => T) =>
    async (...args: Args): Promise<T> => {
      calls.push([name, ...args]);
      if (outage.error) throw outage.error;
      return answer(...args);
    };

  const operator: Operator = {
    search: {
      show: answering('show', (query) =>
        query === EVENT_ID
          ? { found: 'notification', notification: DETAIL }
          : { found: 'nothing', sentence: 'Nothing is known of it.', watches: [] },
      ),
      list: answering('list', () => ({ notifications: [ROW], nextCursor: '1.x', searchedTo: AT })),
      count: answering('count', () => [
        { state: 'parked', reason: 'refused', count: 3, isCapped: false },
      ]),
      countByDay: answering('countByDay', () => [
        { day: '2026-03-01', outcome: 'completed', count: 3 },
      ]),
    },
    resends: {
      request: answering('request', (eventId, { requestId = 'new' }) => ({ eventId, requestId })),
    },
    bulks: {
      preview: answering('preview', () => ({
        ...{ count: 3, isCapped: false, leftAlone: leftAlone(1) },
        sample: [ROW],
      })),
      start: answering('start', () => ({ bulkId: BULK_ID, isNew: true })),
      show: answering('showBulk', (bulkId) => (bulkId === BULK_ID ? BULK : undefined)),
      items: answering('items', () => ({
        items: [{ eventId: EVENT_ID, result: 'requested', becameOf: 'sent', at: AT }],
      })),
      cancel: answering('cancel', () => true),
      list: answering('listBulks', () => [SUMMARY]),
    },
    previews: {
      ofContent: answering('ofContent', () => PREVIEW),
      ofNotification: answering('ofNotification', (eventId) =>
        eventId === EVENT_ID ? PREVIEW : undefined,
      ),
    },
  };
  return { operator, calls, outage };
}
