import { Gauge, type Registry } from 'prom-client';
import type { WaitingSample } from '../operator/sample-waiting';
import { reasons } from '../../workflows/core/reasons';

const PARK_REASONS = Object.entries(reasons)
  .filter(([, { state }]) => state === 'parked')
  .map(([reason]) => reason);

/** Each scrape shows what `sample` returns then; what it lacks is absent. */
export function createWaitingMetrics(registry: Registry, sample: () => Promise<WaitingSample>) {
  function sampled<L extends string>(
    configuration: { name: string; help: string; labelNames: readonly L[] },
    fill: (gauge: Gauge<L>, sample: WaitingSample) => void,
  ): void {
    new Gauge({
      ...configuration,
      registers: [registry],
      async collect() {
        const current = await sample();
        this.reset();
        fill(this, current);
      },
    });
  }

  sampled(
    {
      name: 'bulk_notify_notifications',
      help: 'Notifications that are not sent, by state and reason: waiting, sending and parked in the ledger; unrecorded: a run waits that the ledger does not know yet',
      labelNames: ['state', 'reason'],
    },
    (gauge, { ledger, runs }) => {
      if (runs) gauge.set({ state: 'unrecorded' }, runs.unrecorded);
      if (!ledger) return;
      for (const state of ['waiting', 'sending']) gauge.set({ state }, 0);
      for (const reason of PARK_REASONS) gauge.set({ state: 'parked', reason }, 0);
      for (const { count, ...labels } of ledger.open) gauge.set(labels, count);
    },
  );
  sampled(
    {
      name: 'bulk_notify_oldest_waiting_timestamp_seconds',
      help: 'Since when the oldest notification waits; absent if none does. By source: ledger, or runs that the ledger does not know yet',
      labelNames: ['source'],
    },
    (gauge, { ledger, runs }) => {
      if (ledger?.oldest) gauge.set({ source: 'ledger' }, toSeconds(ledger.oldest));
      if (runs?.oldest) gauge.set({ source: 'runs' }, toSeconds(runs.oldest));
    },
  );
  sampled(
    {
      name: 'bulk_notify_task_queue_pollers',
      help: 'Workers that have polled a task queue of Temporal within five minutes, by task queue (notifications, sends, upload_checks, bulk_resends) and type (workflow, activity)',
      labelNames: ['task_queue', 'type'],
    },
    (gauge, { pollers = [] }) => {
      for (const { taskQueue, type, pollers: count } of pollers) {
        gauge.set({ task_queue: taskQueue, type }, count);
      }
    },
  );
  sampled(
    {
      name: 'bulk_notify_sampler_up',
      help: '1 if the source of the sampled metrics answers: ledger, runs, task_queues; 0 if not, and then they are absent',
      labelNames: ['source'],
    },
    (gauge, { answered }) => {
      for (const [source, isAnswered] of Object.entries(answered)) {
        gauge.set({ source }, isAnswered ? 1 : 0);
      }
    },
  );
}

const toSeconds = (instant: Date) => instant.getTime() / 1_000;
