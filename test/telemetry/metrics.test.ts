import type { MetricObject } from 'prom-client';
import { createMetrics, createWorkerMetrics } from '../../src/telemetry/metrics';

/** Those of the service, without the ones that prom-client collects about the process. */
const own = [createMetrics, createWorkerMetrics]
  .flatMap((create) => create().registry.getMetricsAsArray())
  .filter(({ name }) => !/^(?:process|nodejs)_/.test(name))
  .map((metric): [string, MetricObject] => [metric.name, metric]);

// https://prometheus.io/docs/practices/naming/
describe.each(own)('%s', (name, { type, help }) => {
  it('starts with bulk_notify_ and uses base units', () => {
    expect(name).toMatch(/^bulk_notify_[a-z]+(?:_[a-z]+)*$/);
    expect(name).not.toMatch(/_(?:ms|milliseconds|minutes|kib|mib|megabytes|percent)(?:_|$)/);
  });

  it('ends with _total if it is a counter, and only then', () => {
    expect(name.endsWith('_total')).toBe(String(type) === 'counter');
  });

  it('has a help text', () => {
    expect(help).toMatch(/^[A-Z0-9].{10,}[^.]$/);
  });
});
