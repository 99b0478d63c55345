import type { TaskApiFault } from '../../../activities/task/task-api';
import { type Answer, createFakes, type Fakes } from '../../support/fakes';
import { startSkippingTime } from '../../support/skip-time';
import { until } from '../../../tools/sandbox/until';
import { withUploadWatches } from '../../support/upload-watches';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const processing: Answer = { fileStatus: 'processing' };
const notFound: TaskApiFault = { fault: 'not_found', message: '404', status: 404 };
const unauthorized: TaskApiFault = { fault: 'unauthorized', message: '401', status: 401 };
const unavailable: TaskApiFault = { fault: 'unavailable', message: 'the provider answered 503' };

let server: Awaited<ReturnType<typeof startSkippingTime>>;

// One for each test: what an earlier run leaves behind can keep a server's clock from skipping.
beforeEach(async () => {
  server = await startSkippingTime('How long uploads are watched');
});
afterEach(() => server?.close());

describe('a watch', () => {
  it('ends without a question to the provider when the webhook came in time', async () => {
    const fakes = createFakes();

    const ended = await withWatches(fakes, async ({ watch, deliver, end }) => {
      const watched = await watch();
      await deliver(watched);
      // Its result would let the clock skip, to the end of the watch's wait.
      await until('it is sent', () => fakes.sent.length === 1);
      fakes.asked.splice(0);
      return end(watched);
    });

    if (!ended) return;
    expect(ended.result).toBe('notified');
    expect(ended.tookMs).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(ended.tookMs).toBeLessThan(46 * MINUTE);
    expect(fakes.asked).toEqual([]);
    expect(fakes.watched).toEqual(['notified']);
  });

  it('ends when the webhook comes while the provider is being asked', async () => {
    const fakes = createFakes({ tasks: [processing] });
    const { ledger } = fakes.dependencies;
    let checks = 0;
    ledger.findOutcomes = () => Promise.resolve(++checks > 4 ? ['completed'] : []);

    const ended = await watchToEnd(fakes);

    if (!ended) return;
    expect(ended.result).toBe('notified');
    expect(fakes.asked).toHaveLength(3);
  });

  it('gives up after WATCH_GIVE_UP, not before, and however often it asks with one history', async () => {
    const fakes = createFakes({ tasks: [processing] });

    const ended = await watchToEnd(fakes, { giveUpAfterMs: 6 * HOUR });

    if (!ended) return;
    expect(ended.result).toBe('gave_up');
    expect(ended.tookMs).toBeGreaterThanOrEqual(6 * HOUR);
    expect(ended.tookMs).toBeLessThan(9 * HOUR);
    expect(ended.details).toContain('WATCH_GIVE_UP');
    expect(ended.events).toBeLessThan(30);
    expect(fakes.asked.length).toBeGreaterThan(5);
    expect(fakes.watched).toEqual(['gave_up']);
  });

  it('gives up a task that the provider does not know for a day', async () => {
    const fakes = createFakes({ tasks: [notFound] });

    const ended = await watchToEnd(fakes);

    if (!ended) return;
    expect(ended.result).toBe('task_unknown');
    expect(ended.tookMs).toBeGreaterThanOrEqual(DAY);
    expect(ended.tookMs).toBeLessThan(DAY + 3 * HOUR);
    expect(fakes.watched).toEqual(['task_unknown']);
  });

  it('outlasts a provider that is down for hours, and a key that it refuses', async () => {
    const down = Array<Answer>(5).fill(unavailable);
    const fakes = createFakes({ tasks: [...down, unauthorized, unauthorized, {}] });
    const errors: string[] = [];
    fakes.dependencies.metrics.countConfigurationError = (part) => void errors.push(part);

    const ended = await watchToEnd(fakes);

    if (!ended) return;
    expect(ended.result).toBe('webhook_lost');
    expect(ended.tookMs).toBeGreaterThan(4 * HOUR);
    expect(errors).toEqual(['provider', 'provider']);
  });

  it('outlasts a database that is down when the webhook is overdue', async () => {
    const fakes = createFakes();
    const { ledger } = fakes.dependencies;
    const { findOutcomes } = ledger;
    let checks = 0;
    ledger.findOutcomes = (taskId) =>
      ++checks <= 5 ? Promise.reject(new Error('ECONNREFUSED')) : findOutcomes(taskId);

    const ended = await watchToEnd(fakes);

    if (!ended) return;
    expect(ended.result).toBe('webhook_lost');
    expect(checks).toBe(6);
  });
});

type Watching = Parameters<Parameters<typeof withUploadWatches>[1]>[0];

const options = { sweepAfterMs: 30 * MINUTE, giveUpAfterMs: 14 * DAY, resendWindowMs: 0 };

function watchToEnd(fakes: Fakes, change: Partial<typeof options> = {}) {
  const play = async ({ watch, end }: Watching) => end(await watch());
  return withWatches(fakes, play, change);
}

/** Undefined where there is no server whose clock skips. */
async function withWatches<T>(
  fakes: Fakes,
  body: (watching: Watching) => Promise<T>,
  change: Partial<typeof options> = {},
) {
  if (!server) return undefined;
  const { client, nativeConnection: connection } = server.environment;
  const watch = { client, connection, fakes, options: { ...options, ...change } };
  return withUploadWatches(watch, body);
}
