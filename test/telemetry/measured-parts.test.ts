import { measureParts } from '../../src/telemetry/measured-parts';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics';
import { createFakes } from '../support/fakes';
import { mailTo } from '../support/mail-to';

const stop = new AbortController().signal;

/** The parts with fakes behind them, and what a scrape shows then. */
function measured(fakes: Parameters<typeof createFakes>[0] = {}) {
  const { dependencies } = createFakes(fakes);
  const measures = createWorkerMetrics();
  const scrape = async () => (await measures.registry.metrics()).split('\n');
  return { ...measureParts(dependencies, measures), scrape };
}

describe('measureParts', () => {
  it('times a send by its verdict', async () => {
    const { mailer, scrape } = measured();

    await mailer.send(mailTo('jane@example.org'), stop, async () => {});

    expect(await scrape()).toContain('bulk_notify_send_seconds_count{verdict="accepted"} 1');
  });

  it('times a task that the provider tells, and one that it does not', async () => {
    const fault = { fault: 'unavailable', message: '503' } as const;
    const { taskApi, scrape } = measured({ tasks: [{}, fault] });

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
    const { recipients, scrape } = measured({ addresses: [new Error('down')] });

    await expect(recipients.findAddresses('user')).rejects.toThrow('down');

    expect(await scrape()).toContain(
      'bulk_notify_lookup_seconds_count{lookup="recipient",result="failed"} 1',
    );
  });
});
