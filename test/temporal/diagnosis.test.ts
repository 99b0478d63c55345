import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { createDiagnosis, temporalFaultOf } from '../../src/temporal/diagnosis';

const HOUR_MS = 3_600_000;

interface Server {
  aheadMs: number;
  /** Shows a poller only when it was asked so often. */
  slowLooks?: number;
  refusesPolls?: boolean;
}

/** A client of a server that polls keep waiting, and that remembers a poller of an hour ago. */
function clientOf({ aheadMs, slowLooks = 0, refusesPolls = false }: Server): Client {
  const pollers = [pollerOf(`doctor-${process.pid}`, Date.now() - HOUR_MS)];
  let looks = 0;
  let stop: AbortSignal | undefined;
  const workflowService = {
    pollActivityTaskQueue({ identity }: { identity: string }) {
      if (refusesPolls) return Promise.reject(new Error('refused'));
      pollers.push(pollerOf(identity, Date.now() + aheadMs));
      return new Promise((_, reject) => {
        stop?.addEventListener('abort', () => reject(new Error('cancelled')));
      });
    },
    describeTaskQueue: () =>
      Promise.resolve({ pollers: pollers.slice(0, looks++ < slowLooks ? 1 : 2) }),
  };
  return {
    options: { namespace: 'default' },
    workflowService,
    withDeadline: (_deadline: number, call: () => unknown) => call(),
    withAbortSignal(signal: AbortSignal, call: () => unknown) {
      stop = signal;
      return call();
    },
  } as unknown as Client;
}

function pollerOf(identity: string, lastAccessMs: number) {
  return { identity, lastAccessTime: msToTs(lastAccessMs) };
}

describe('measureClock', () => {
  it.each([0, 12])(
    'waits until the server shows its poll, at once or after %i looks',
    async (n) => {
      const { measureClock } = createDiagnosis(clientOf({ aheadMs: 0, slowLooks: n }));

      expect(await measureClock('idle')).toBe(0);
    },
  );

  it.each([HOUR_MS, -HOUR_MS])('measures a clock that is %i ms ahead', async (aheadMs) => {
    const { measureClock } = createDiagnosis(clientOf({ aheadMs }));

    const measured = (await measureClock('idle')) ?? NaN;

    expect(Math.abs(measured - aheadMs)).toBeLessThan(HOUR_MS / 2);
  });

  it('says nothing when the server refuses its poll, whoever has polled before', async () => {
    const { measureClock } = createDiagnosis(clientOf({ aheadMs: 0, refusesPolls: true }));

    expect(await measureClock('idle')).toBeUndefined();
  });
});

describe('temporalFaultOf', () => {
  it('masks an address before it cuts the message', () => {
    const details = `${'x'.repeat(180)} owner.of.the.upload@customer.example is refused`;
    const err = Object.assign(new Error('refused'), { code: 7, details, metadata: {} });

    const { status, message = '' } = temporalFaultOf(err) ?? {};

    expect(status).toBe('PERMISSION_DENIED');
    expect(message).toMatch(/^x{180} <address>/);
    expect(message).toHaveLength(200);
  });
});
