import { notificationDetail } from '../../support/memory-search';

const HOSTILE = '"><img src=//evil.example onerror=alert(1)>\u202Egpj.exe\u2066 <b>bold</b>.csv';
const taskIdOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
export const pathOf = (number: number) => `/notifications/${taskIdOf(number)}/completed`;

const attempt = {
  ...{ id: '1', resend: 0, verdict: 'deferred' as const, recipient: 'ada@customer.example' },
  ...{ messageId: '<1@boltroute.example>', claimedAt: '2026-03-02T09:30:06.000Z' },
  ...{ settledAt: '2026-03-02T09:30:08.500Z', reply: '451 4.7.1 try again later' },
};
/** One with a hostile file name, one that is parked, one that waits. */
export const notifications = [
  notificationDetail({ taskId: taskIdOf(1), fileName: HOSTILE, attempts: [attempt] }),
  notificationDetail({
    ...{ taskId: taskIdOf(2), state: 'parked', reason: 'refused', fileName: 'parked.csv' },
    ...{ sentence: 'Parked: the relay refused the recipient.', remedy: 'Correct it, then resend.' },
  }),
  notificationDetail({
    ...{ taskId: taskIdOf(3), state: 'waiting', fileName: 'waiting.csv', attempts: [attempt] },
    wait: { for: 'the relay', attempt: 2, nextAttemptAt: '2026-03-02T12:05:00.000Z' },
  }),
];
