import { MockActivityEnvironment } from '@temporalio/testing';
import { createUploadChecks } from '../../../activities/upload-watch/check-upload';
import type { TaskApiFault } from '../../../activities/task/task-api';
import type { Outcome } from '../../../workflows/core/outcome';
import type { Task } from '../../../workflows/core/decision';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 1);

const task: Task = { id: 'a', fileBacked: true, fileStatus: 'processing' };
const notFound: TaskApiFault = { fault: 'not_found', message: '404', status: 404 };
const unauthorized: TaskApiFault = { fault: 'unauthorized', message: '401', status: 401 };
const unavailable: TaskApiFault = { fault: 'unavailable', message: '503', status: 503 };

interface Attempt {
  attempt?: number;
  heartbeatDetails?: unknown;
  giveUpAt?: number;
  /** By default the ledger does not have the notification. */
  findOutcomes?: () => Promise<Outcome[]>;
}

/** One attempt at `NOW`: its result or failure, its heartbeats, and the configuration errors. */
async function check(answer: Task | TaskApiFault, change: Attempt = {}) {
  const { attempt = 1, heartbeatDetails, giveUpAt = NOW + DAY } = change;
  const { findOutcomes = () => Promise.resolve([]) } = change;
  const heartbeats: unknown[] = [];
  const errors: string[] = [];
  const { checkUpload } = createUploadChecks({
    ledger: { findOutcomes },
    taskApi: { fetchTask: () => Promise.resolve(answer) },
    metrics: {
      countConfigurationError: (part) => void errors.push(part),
      countUploadWatch: () => undefined,
    },
  });
  const info = { attempt, heartbeatDetails, currentAttemptScheduledTimestampMs: NOW };
  const environment = new MockActivityEnvironment(info);
  environment.on('heartbeat', (details: unknown) => void heartbeats.push(details));
  const upload = { taskId: 'a', giveUpAt };
  const result = await environment.run(checkUpload, upload).catch((err: unknown) => err);
  return { result, heartbeats, errors };
}

describe('checkUpload', () => {
  it.each([
    [1, 5 * MINUTE],
    [2, 10 * MINUTE],
    [4, 40 * MINUTE],
    [5, HOUR],
    [5_000, HOUR],
  ])('asks less and less often: after attempt %i in %i ms', async (attempt, delayMs) => {
    const { result } = await check(task, { attempt });

    const { type, nextRetryDelay } = result as { type: string; nextRetryDelay: number };
    expect(type).toBe('UploadNotFinal');
    expect(nextRetryDelay).toBeGreaterThanOrEqual(0.8 * delayMs);
    expect(nextRetryDelay).toBeLessThanOrEqual(1.2 * delayMs);
  });

  it('keeps to Retry-After', async () => {
    const { result } = await check({ ...unavailable, retryAfterMs: HOUR });

    const { nextRetryDelay } = result as { nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThanOrEqual(HOUR);
  });

  it.each([
    ['is not final', task],
    ['is not known', notFound],
    ['cannot be asked about', unavailable],
  ])('gives up an upload that %s in time', async (_what, answer) => {
    const { result } = await check(answer, { giveUpAt: NOW });

    expect(result).toEqual({ status: 'gave_up' });
  });

  it.each([
    ['before WATCH_GIVE_UP, waits', NOW + 1, { message: 'ECONNREFUSED' }],
    ['after it, gives up', NOW, { status: 'gave_up' }],
  ])('while the ledger does not answer %s', async (_what, giveUpAt, expected) => {
    const findOutcomes = () => Promise.reject(new Error('ECONNREFUSED'));

    const { result } = await check(task, { giveUpAt, findOutcomes });

    expect(result).toMatchObject(expected);
  });

  it('never gives up while the key is refused, which is a configuration error', async () => {
    const { result, errors } = await check(unauthorized, { giveUpAt: NOW - DAY });

    expect(result).toMatchObject({ type: 'TaskApiUnauthorized' });
    expect((result as Error).message).toContain('EXTERNAL_API_ADMIN_KEY');
    expect((result as { nextRetryDelay: number }).nextRetryDelay).toBeGreaterThanOrEqual(HOUR);
    expect(errors).toEqual(['provider']);
  });

  it.each([
    ['does not know', notFound],
    ['has without a file', { ...task, fileBacked: false, fileStatus: 'completed' }],
  ])(
    'remembers since when the provider %s the task, and gives it up after a day',
    async (_, no) => {
      const first = await check(no);
      const later = await check(no, { heartbeatDetails: { missingSince: NOW - DAY + 1 } });
      const last = await check(no, { heartbeatDetails: { missingSince: NOW - DAY } });

      expect(first.result).toMatchObject({ type: 'TaskNotFound' });
      expect(first.heartbeats).toEqual([{ missingSince: NOW }]);
      expect(later.result).toMatchObject({ type: 'TaskNotFound' });
      expect(last.result).toEqual({ status: 'task_unknown' });
    },
  );

  it('counts that day anew once the provider knows the task', async () => {
    const { heartbeats } = await check(task, { heartbeatDetails: { missingSince: NOW - DAY } });

    expect(heartbeats).toEqual([{}]);
  });
});
