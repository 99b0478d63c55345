import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { ActivityDependencies } from '../../activities';
import { resendSignal } from '../../workflows/notification/messages';
import { createFakes } from '../support/fakes';
import { until } from '../../tools/sandbox/until';
import { startForResend, useTemporal, withWorker } from '../support/workflow-worker';

const ADDRESS = 'somebody@elsewhere.example';
const MEGABYTES = `${ADDRESS} ${'x'.repeat(3_000_000)} ${ADDRESS}`;
const HISTORY_MAX_CHARS = 100_000;

const temporal = useTemporal();

/** An unexpected failure: a bug, or a library that quotes what it was given. */
describe('an unexpected failure of 3 MB with an address in it', () => {
  it.each<[string, (deps: ActivityDependencies, broken: Broken) => void]>([
    ['of the provider', ({ taskApi }, broken) => breakCall(taskApi, 'fetchTask', broken)],
    ['of the look-up', ({ recipients }, broken) => breakCall(recipients, 'findAddresses', broken)],
    ['of a claim', ({ ledger }, broken) => breakCall(ledger, 'claim', broken)],
    ['of a send', ({ mailer }, broken) => breakCall(mailer, 'send', broken)],
    ['of a request', ({ ledger }, broken) => breakCall(ledger, 'requestResend', broken)],
  ])('%s delays the mail, and enters the history short and masked', async (_what, breakPart) => {
    const fakes = createFakes();
    const broken: Broken = { failures: 0, isBroken: true };
    breakPart(fakes.dependencies, broken);

    await withWorker({ ...temporal, fakes }, async (_start, taskQueue) => {
      const handle = await startForResend({
        ...{ client: temporal.client, taskQueue, taskId: randomUUID() },
        signal: { requestId: 'first' },
      });
      await until('it has failed twice', () => broken.failures >= 2);
      broken.isBroken = false;
      // Ends the wait for the next attempt of a send.
      await handle.signal(resendSignal, { requestId: 'second' });

      expect(await handle.result()).toMatchObject({ state: 'sent' });
      await isShortAndMasked(handle);
    });

    expect(fakes.sent.length).toBeGreaterThan(0);
  });

  it('of a parking delays it, and enters the history short and masked', async () => {
    const fakes = createFakes({ addresses: [[]] });
    const broken: Broken = { failures: 0, isBroken: true };
    breakCall(fakes.dependencies.ledger, 'park', broken);

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start();
      await until('it has failed twice', () => broken.failures >= 2);
      broken.isBroken = false;

      expect(await handle.result()).toMatchObject({ state: 'parked' });
      await isShortAndMasked(handle);
    });
  });
});

interface Broken {
  failures: number;
  isBroken: boolean;
}

function breakCall<Name extends string>(
  part: Record<Name, (...args: never[]) => Promise<unknown>>,
  name: Name,
  broken: Broken,
): void {
  const call = part[name];
  part[name] = (...args) => {
    if (!broken.isBroken) return call(...args);
    broken.failures += 1;
    return Promise.reject(new TypeError(MEGABYTES));
  };
}

async function isShortAndMasked(handle: WorkflowHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const history = JSON.stringify(events, (key, value: unknown) =>
    key === 'data' ? Buffer.from(String(value), 'base64').toString() : value,
  );
  expect(history.length).toBeLessThan(HISTORY_MAX_CHARS);
  expect(history).toContain('<address>');
  expect(history).not.toContain(ADDRESS);
}
