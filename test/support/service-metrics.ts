import type { Metric, Registry } from 'prom-client';
import { createMetrics } from '../../src/telemetry/metrics';
import { createReadinessMetric } from '../../src/telemetry/readiness-metric';
import { createWaitingMetrics } from '../../src/telemetry/waiting-metrics';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics';

export interface ServiceMetric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  labelNames: string[];
}

/** The metrics of the service by process, without those that prom-client collects about Node. */
export function serviceMetrics(): Record<'api' | 'worker', ServiceMetric[]> {
  const api = createMetrics().registry;
  createReadinessMetric(api, async () => true);
  createWaitingMetrics(api, async () => ({ answered: {} }));
  return { api: ownOf(api), worker: ownOf(createWorkerMetrics().registry) };
}

function ownOf(registry: Registry): ServiceMetric[] {
  const metrics = registry.getMetricsAsArray() as unknown as (Metric & ServiceMetric)[];
  return metrics.filter(({ name }) => !/^(?:process|nodejs)_/.test(name));
}

/** The names of what a histogram exports. */
export function seriesOf({ name, type }: ServiceMetric): string[] {
  return type === 'histogram'
    ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)
    : [name];
}
