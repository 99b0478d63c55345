import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import type { ConcludedAttempt, LedgerChanges } from '../../activities/ledger';
import { createReportChanges } from '../../activities/report-changes';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics';
import { workflowId } from '../../workflows/core/workflow-id';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const MEASURES =
  /^bulk_notify_(?:sends|notifications_settled|resend_requests|configuration_errors)_total.* 1$/;

const attempt = (change: Partial<ConcludedAttempt>): ConcludedAttempt => ({
  ...{ resend: 0, verdict: 'accepted', reply: '250 ok' },
  ...change,
});

/** What an activity of the notification counts and logs for the changes. */
async function reported(changes: LedgerChanges) {
  const { registry, metrics } = createWorkerMetrics();
  const logged: LogEntry[] = [];
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: workflowId(TASK_ID, 'failed'), runId: 'run-1' } },
    { logger: new DefaultLogger('TRACE', (entry) => logged.push(entry)) },
  );
  await environment.run(async () => createReportChanges(metrics)(changes));
  const counted = (await registry.metrics())
    .split('\n')
    .filter((line) => MEASURES.test(line))
    .map((line) => line.replace(/^bulk_notify_(.*) 1$/, '$1'));
  const lines = logged.filter(({ message }) => message.startsWith('bulk_upload_notification.'));
  return {
    counted,
    lines: lines.map(({ level, message, meta }) => ({
      line: `${level} ${message.replace('bulk_upload_notification.', '')}`,
      meta,
    })),
  };
}

describe('what the ledger has changed is counted', () => {
  it.each<[LedgerChanges, string[]]>([
    [{}, []],
    [{ attempts: [], isRequested: false }, []],
    [{ isRequested: true }, ['resend_requests_total']],
    [{ settled: { state: 'sent' } }, ['notifications_settled_total{state="sent"}']],
    [
      { settled: { state: 'parked', reason: 'recipient_limit' } },
      ['notifications_settled_total{state="parked",reason="recipient_limit"}'],
    ],
    [
      { attempts: [attempt({}), attempt({ verdict: 'ambiguous', reply: 'the worker was lost' })] },
      [
        'sends_total{verdict="accepted",reply="2xx"}',
        'sends_total{verdict="ambiguous",reply="none"}',
      ],
    ],
    [
      { attempts: [attempt({ verdict: 'refused', code: 550, step: 'rcpt-to' })] },
      ['sends_total{verdict="refused",reply="5xx"}'],
    ],
    [
      { attempts: [attempt({ verdict: 'deferred', code: 535, configuration: true })] },
      ['sends_total{verdict="deferred",reply="5xx"}', 'configuration_errors_total{part="relay"}'],
    ],
  ])('%j', async (changes, expected) => {
    const { counted } = await reported(changes);

    expect(counted).toEqual(expected);
  });
});

describe('an attempt that has ended is logged', () => {
  it.each<[Partial<ConcludedAttempt>, string]>([
    [{}, 'INFO email_sent'],
    [{ verdict: 'ambiguous' }, 'WARN smtp_send_failed'],
    [{ verdict: 'refused', code: 550 }, 'WARN smtp_send_failed'],
    [{ verdict: 'deferred', configuration: false }, 'WARN smtp_send_failed'],
    [{ verdict: 'deferred', configuration: true }, 'ERROR smtp_configuration_error'],
  ])('%j as %s', async (change, expected) => {
    const { lines } = await reported({ attempts: [attempt(change)] });

    expect(lines.map(({ line }) => line)).toEqual([expected]);
    expect(lines[0]?.meta).toMatchObject({
      task_id: TASK_ID,
      outcome: 'failed',
      ...attempt(change),
    });
  });

  it('with what a person can do', async () => {
    const refused = attempt({ verdict: 'deferred', cause: '535', configuration: true });

    const { lines } = await reported({ attempts: [refused] });

    expect(lines[0]?.meta).toMatchObject({ remedy: expect.stringMatching(/SMTP_/) });
  });
});
