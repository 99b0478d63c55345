import { Registry } from 'prom-client';
import { createMetrics } from '../../src/telemetry/metrics';
import { createReadinessMetric } from '../../src/telemetry/readiness-metric';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics';
import { serviceMetrics } from '../support/service-metrics';

const LABELS = [
  'answer',
  'cause',
  'lookup',
  'owner',
  'part',
  'reason',
  'reply',
  'result',
  'secret',
  'source',
  'state',
  'task_queue',
  'type',
  'variable',
  'verdict',
  'workflow',
];

const { api, worker } = serviceMetrics();
const own = [...api, ...worker].map((metric) => [metric.name, metric] as const);

// https://prometheus.io/docs/practices/naming/
describe.each(own)('%s', (name, { type, help, labelNames }) => {
  it('starts with bulk_notify_ and uses base units', () => {
    expect(name).toMatch(/^bulk_notify_[a-z]+(?:_[a-z]+)*$/);
    expect(name).not.toMatch(/_(?:ms|milliseconds|minutes|kib|mib|megabytes|percent)(?:_|$)/);
  });

  it('ends with _total if it is a counter, and only then', () => {
    expect(name.endsWith('_total')).toBe(type === 'counter');
  });

  it('has a help text', () => {
    expect(help).toMatch(/^[A-Z0-9].{10,}[^.]$/);
  });

  it('has labels with few values only', () => {
    expect(labelNames.filter((label) => !LABELS.includes(label))).toEqual([]);
  });
});

describe('the first increase of a counter is seen, because it starts at 0', () => {
  it.each([
    ['api', createMetrics().registry, 'bulk_notify_webhooks_total{answer="accepted"} 0'],
    ['api', createMetrics().registry, 'bulk_notify_webhook_signatures_total{secret="previous"} 0'],
    [
      'api',
      createMetrics().registry,
      'bulk_notify_starts_failed_total{workflow="notification",cause="unavailable"} 0',
    ],
    ['api', createMetrics().registry, 'bulk_notify_uploads_unwatched_total 0'],
    [
      'worker',
      createWorkerMetrics().registry,
      'bulk_notify_sends_total{verdict="ambiguous",reply="none"} 0',
    ],
    [
      'worker',
      createWorkerMetrics().registry,
      'bulk_notify_notifications_settled_total{state="parked",reason="refused"} 0',
    ],
    [
      'worker',
      createWorkerMetrics().registry,
      'bulk_notify_configuration_errors_total{part="database"} 0',
    ],
    [
      'worker',
      createWorkerMetrics().registry,
      'bulk_notify_upload_watches_total{result="webhook_lost"} 0',
    ],
  ])('%s', async (_process, registry, line) => {
    expect((await registry.metrics()).split('\n')).toContain(line);
  });
});

describe('bulk_notify_ready', () => {
  it.each([
    [1, true],
    [0, false],
  ])('is %d when /readyz would say so', async (value, isReady) => {
    const registry = new Registry();

    createReadinessMetric(registry, async () => isReady);

    expect((await registry.metrics()).split('\n')).toContain(`bulk_notify_ready ${value}`);
  });
});

describe('the acknowledgement time', () => {
  it('has a bucket at the two seconds that are promised', async () => {
    const { registry, acknowledgements } = createMetrics();

    acknowledgements.observe(2);

    expect((await registry.metrics()).split('\n')).toContain(
      'bulk_notify_webhook_acknowledgement_seconds_bucket{le="2"} 1',
    );
  });
});

describe('sends', () => {
  it.each([
    [{ verdict: 'accepted', reply: '250 ok' }, 'accepted', '2xx'],
    [{ verdict: 'refused', step: 'rcpt-to', code: 550, reply: '550 no' }, 'refused', '5xx'],
    [{ verdict: 'refused', step: 'rcpt-to', reply: 'no SMTPUTF8' }, 'refused', 'none'],
    [{ verdict: 'ambiguous', reply: 'ECONNRESET' }, 'ambiguous', 'none'],
  ] as const)('count %o as %s, reply %s', async (verdict, expected, reply) => {
    const { registry, metrics } = createWorkerMetrics();

    metrics.countSend(verdict);

    expect((await registry.metrics()).split('\n')).toContain(
      `bulk_notify_sends_total{verdict="${expected}",reply="${reply}"} 1`,
    );
  });
});
