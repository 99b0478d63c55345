import { Registry } from 'prom-client';
import type { WaitingSample } from '../../src/operator/sample-waiting';
import { createWaitingMetrics } from '../../src/telemetry/waiting-metrics';

const complete: WaitingSample = {
  ledger: {
    open: [
      { state: 'waiting', count: 3 },
      { state: 'parked', reason: 'refused', count: 2 },
    ],
    oldest: new Date(60_000),
  },
  runs: { unrecorded: 1, oldest: new Date(30_000) },
  pollers: [{ taskQueue: 'upload_checks', type: 'activity', pollers: 2 }],
  answered: { ledger: true, runs: true, task_queues: true },
};

/** What scrapes show one after the other. */
async function scrapes(...samples: WaitingSample[]): Promise<string[][]> {
  const registry = new Registry();
  let current = samples[0]!;
  createWaitingMetrics(registry, async () => current);
  const texts: string[] = [];
  for (current of samples) texts.push(await registry.metrics());
  return texts.map((text) => text.split('\n').filter((line) => line && !line.startsWith('#')));
}

describe('createWaitingMetrics', () => {
  it('shows the sample, and 0 for states that nothing is in', async () => {
    const [lines] = await scrapes(complete);

    expect(lines).toEqual(
      expect.arrayContaining([
        'bulk_notify_notifications{state="waiting"} 3',
        'bulk_notify_notifications{state="sending"} 0',
        'bulk_notify_notifications{state="unrecorded"} 1',
        'bulk_notify_notifications{state="parked",reason="refused"} 2',
        'bulk_notify_notifications{state="parked",reason="gave_up"} 0',
        'bulk_notify_oldest_waiting_timestamp_seconds{source="ledger"} 60',
        'bulk_notify_oldest_waiting_timestamp_seconds{source="runs"} 30',
        'bulk_notify_task_queue_pollers{task_queue="upload_checks",type="activity"} 2',
        'bulk_notify_sampler_up{source="ledger"} 1',
      ]),
    );
  });

  it('shows nothing of a source that stopped answering, instead of its last values', async () => {
    const [, lines] = await scrapes(complete, {
      answered: { ledger: false, runs: false, task_queues: false },
    });

    expect(lines).toEqual([
      'bulk_notify_sampler_up{source="ledger"} 0',
      'bulk_notify_sampler_up{source="runs"} 0',
      'bulk_notify_sampler_up{source="task_queues"} 0',
    ]);
  });

  it('shows no oldest when nothing waits any more', async () => {
    const [, lines] = await scrapes(complete, {
      ...complete,
      ledger: { open: [] },
      runs: { unrecorded: 0 },
    });

    expect(lines!.filter((line) => line.includes('oldest'))).toEqual([]);
    expect(lines).toContain('bulk_notify_notifications{state="parked",reason="refused"} 0');
  });
});
