import type { AttemptSettlement, Claimed, Ledger } from '../../activities/ledger';
import { measureParts } from '../../src/telemetry/measured-parts';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics';
import { createFakes } from '../support/fakes';
import { createMemoryLedger } from '../support/memory-ledger';
import { mailTo } from '../support/mail-to';

const stop = new AbortController().signal;
const settlement: AttemptSettlement = {
  ...{ attemptId: '1', attempt: 'accepted', reply: '250 ok', state: 'sent' },
};
const answering = { runId: 'run-1', recordedRequests: 0 };

/** The parts with fakes behind them, and what a scrape shows then. */
function measured(ledger: Partial<Ledger> = {}, fakes: Parameters<typeof createFakes>[0] = {}) {
  const { dependencies } = createFakes(fakes);
  const measures = createWorkerMetrics();
  const parts = { ...dependencies, ledger: { ...createMemoryLedger(), ...ledger } };
  const scrape = async () => (await measures.registry.metrics()).split('\n');
  return { ...measureParts(parts, measures), scrape };
}

describe('measureParts', () => {
  it.each<[string, Partial<Ledger>, (ledger: Ledger) => Promise<unknown>, string]>([
    [
      'a mail that was sent',
      { settle: async () => true },
      (ledger) => ledger.settle(settlement),
      '{state="sent"} 1',
    ],
    [
      'a refused one as parked',
      { settle: async () => true },
      (ledger) => ledger.settle({ ...settlement, state: 'parked', reason: 'refused' }),
      '{state="parked",reason="refused"} 1',
    ],
    [
      'one that was parked without an attempt',
      { park: async () => undefined },
      (ledger) => ledger.park('id', 'recipient_missing', answering),
      '{state="parked",reason="recipient_missing"} 1',
    ],
    [
      'one whose claim is parked',
      { claim: async (): Promise<Claimed> => ({ ...PARKED }) },
      (ledger) => ledger.claim({} as never),
      '{state="parked",reason="recipient_limit"} 1',
    ],
    [
      'nothing when another attempt has taken over',
      { settle: async () => false },
      (ledger) => ledger.settle(settlement),
      '{state="sent"} 0',
    ],
    [
      'nothing when it waits again',
      { settle: async () => true },
      (ledger) => ledger.settle({ ...settlement, attempt: 'deferred', state: 'waiting' }),
      '{state="sent"} 0',
    ],
    [
      'one that the relay may have as uncertain, whatever it was parked for',
      { park: async () => ({ verdict: 'uncertain', reply: '' }) },
      (ledger) => ledger.park('id', 'gave_up', answering),
      '{state="parked",reason="uncertain"} 1',
    ],
    [
      'nothing when it was sent before it could be parked',
      { park: async () => ({ verdict: 'accepted', reply: '250' }) },
      (ledger) => ledger.park('id', 'gave_up', answering),
      '{state="parked",reason="gave_up"} 0',
    ],
  ])('counts %s', async (_what, answers, call, line) => {
    const { ledger, scrape } = measured(answers);

    await call(ledger);

    expect(await scrape()).toContain(`bulk_notify_notifications_settled_total${line}`);
  });

  it('counts a request that the ledger has recorded', async () => {
    const { ledger, scrape } = measured({
      requestResend: async () => ({ resend: 1, recordedRequests: 1 }),
    });

    await ledger.requestResend('id', { requestId: 'ticket-1' }, 'run-1');

    expect(await scrape()).toContain('bulk_notify_resend_requests_total 1');
  });

  it('times a send by its verdict', async () => {
    const { mailer, scrape } = measured();

    await mailer.send(mailTo('jane@example.org'), stop, async () => {});

    expect(await scrape()).toContain('bulk_notify_send_seconds_count{verdict="accepted"} 1');
  });

  it('times a task that the provider tells, and one that it does not', async () => {
    const fault = { fault: 'unavailable', message: '503' } as const;
    const { taskApi, scrape } = measured({}, { tasks: [{}, fault] });

    await taskApi.fetchTask('550e8400-e29b-41d4-a716-446655440000', stop);
    await taskApi.fetchTask('550e8400-e29b-41d4-a716-446655440000', stop);

    expect(await scrape()).toEqual(
      expect.arrayContaining([
        'bulk_notify_lookup_seconds_count{lookup="task",result="answered"} 1',
        'bulk_notify_lookup_seconds_count{lookup="task",result="failed"} 1',
      ]),
    );
  });

  it('times a recipient that cannot be looked up, and passes the failure on', async () => {
    const { recipients, scrape } = measured({}, { addresses: [new Error('down')] });

    await expect(recipients.findAddresses('user')).rejects.toThrow('down');

    expect(await scrape()).toContain(
      'bulk_notify_lookup_seconds_count{lookup="recipient",result="failed"} 1',
    );
  });
});

const PARKED: Claimed = { status: 'parked', reason: 'recipient_limit', reply: '' };
