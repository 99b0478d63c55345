import { randomUUID } from 'node:crypto';
import type { Uploads, WatchedUpload } from '../../../activities/types';
import { runSetup } from '../../../tools/sandbox/service/service-process';
import { createDatabase, type Database } from '../../../src/clients/postgres/database';
import { createLedger } from '../../../src/clients/postgres/ledger';
import { createUploads } from '../../../src/clients/postgres/uploads';
import { workflowId } from '../../../workflows/core/workflow-id';
import { capturedLogger } from '../../support/captured-logger';
import { scratchDatabase } from '../../support/scratch-database';
import { suite } from '../../support/suite';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Row {
  upload_id: string | null;
  user_id: string | null;
  file_name: string | null;
  email_count: string | null;
  own_callback: boolean;
  looks: number;
  settled_at: Date | null;
  settled_as: string | null;
}

const RUN = { runId: 'run-1', recordedRequests: 0 };

let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
let database: Database;
let uploads: Uploads;

beforeAll(async () => {
  scratch = await scratchDatabase();
  const { logger } = capturedLogger();
  await runSetup({ TEMPORAL_ADDRESS: suite().temporal.address, DATABASE_URL: scratch.url });
  database = createDatabase({ url: scratch.url, logger });
  uploads = createUploads({ database });
});

beforeEach(() => scratch.execute('truncate bulk_notify.uploads'));

afterAll(async () => {
  await database.close();
  await scratch.drop();
});

/** An upload of that age, in minutes; what a test is about goes into `change`. */
async function add(age = 60, change: Partial<WatchedUpload> = {}): Promise<string> {
  const upload = { taskId: randomUUID(), ownCallback: true, ...change };
  await uploads.record(upload);
  await pass(age, upload.taskId);
  return upload.taskId;
}

/** Lets minutes pass for an upload. */
async function pass(minutes: number, taskId: string): Promise<void> {
  await scratch.execute(`
    update bulk_notify.uploads
      set uploaded_at = uploaded_at - interval '${minutes} minutes',
          next_look_at = next_look_at - interval '${minutes} minutes',
          missing_since = missing_since - interval '${minutes} minutes'
      where task_id = '${taskId}'`);
}

async function rowOf(taskId: string): Promise<Row> {
  const [row] = await scratch.execute<Row>(
    `select * from bulk_notify.uploads where task_id = '${taskId}'`,
  );
  return row!;
}

const due = (change: Partial<Parameters<Uploads['findDue']>[0]> = {}) =>
  uploads.findDue({ olderThanMs: 30 * MINUTE, most: 50, ...change });
const dueIds = async () => (await due()).uploads.map(({ taskId }) => taskId);

describe('record', () => {
  it('keeps what is known of an upload', async () => {
    const taskId = randomUUID();

    await uploads.record({
      taskId,
      uploadId: 'upload-1',
      userId: 'user-1',
      fileName: 'a\0b.csv',
      emailCount: 5_000_000_000,
      ownCallback: false,
    });

    expect(await rowOf(taskId)).toMatchObject({
      ...{ upload_id: 'upload-1', user_id: 'user-1', file_name: 'ab.csv', own_callback: false },
      ...{ email_count: '5000000000', looks: 0, settled_at: null, settled_as: null },
    });
  });

  it('leaves out a user ID that no search attribute can hold', async () => {
    const taskId = randomUUID();

    await uploads.record({ taskId, userId: 'x'.repeat(300), ownCallback: true });

    expect(await rowOf(taskId)).toMatchObject({ user_id: null });
  });

  it('changes nothing the second time', async () => {
    const taskId = await add(60, { userId: 'first' });
    const before = await rowOf(taskId);

    await Promise.all(
      Array.from({ length: 10 }, () =>
        uploads.record({ taskId, userId: 'second', ownCallback: false }),
      ),
    );

    expect(await rowOf(taskId)).toEqual(before);
  });

  it.each(['started', 'late'] as const)('does not open again what is settled: %s', async (as) => {
    const taskId = await add();
    await uploads.recordLooks([{ taskId, finding: as, looks: 1 }]);

    await uploads.record({ taskId, ownCallback: true });

    expect(await rowOf(taskId)).toMatchObject({ settled_as: as });
  });

  it('looks again for one that was given up', async () => {
    const taskId = await add(60, { userId: 'jane' });
    await uploads.recordLooks([{ taskId, finding: 'unknown', looks: 9 }]);

    await uploads.record({ taskId, ownCallback: true });
    await pass(60, taskId);

    expect(await rowOf(taskId)).toMatchObject({ settled_as: null, settled_at: null, looks: 0 });
    expect((await due()).uploads).toMatchObject([{ taskId, userId: 'jane' }]);
  });
});

describe('findDue', () => {
  it('gives what the sweep needs to know, those first that have waited longest', async () => {
    const second = await add(40);
    const first = await add(90, { userId: 'jane', emailCount: 12 });

    const { uploads: found, notified, more } = await due();

    expect(found).toEqual([
      expect.objectContaining({ taskId: first, userId: 'jane', emailCount: 12, looks: 0 }),
      expect.objectContaining({ taskId: second, userId: undefined, emailCount: undefined }),
    ]);
    expect(found[0]!.ageMs / MINUTE).toBeCloseTo(90, 0);
    expect(found[0]!.missingMs).toBeUndefined();
    expect({ notified, more }).toEqual({ notified: 0, more: false });
  });

  it('leaves out what is younger, settled, or to be looked at later', async () => {
    await add(29);
    const settled = await add();
    const later = await add();
    await uploads.recordLooks([
      { taskId: settled, finding: 'started', looks: 1 },
      { taskId: later, finding: 'waiting', looks: 1, againMs: 5 * MINUTE },
    ]);

    expect(await dueIds()).toEqual([]);
    await pass(6, later);
    expect(await dueIds()).toEqual([later]);
  });

  it.each(['completed', 'failed'] as const)(
    'settles what has its notification in the ledger, as %s',
    async (outcome) => {
      const taskId = await add();
      const other = await add();
      const young = await add(5);
      const ledger = createLedger({ database });
      await ledger.park(workflowId(taskId, outcome), 'recipient_missing', RUN);
      await ledger.park(workflowId(young, outcome), 'recipient_missing', RUN);

      const { uploads: found, notified } = await due();

      expect(found.map((upload) => upload.taskId)).toEqual([other]);
      expect(notified).toBe(1);
      expect(await rowOf(taskId)).toMatchObject({ settled_as: 'notified' });
      expect(await rowOf(young)).toMatchObject({ settled_as: null });
    },
  );

  it('gives page after page of what was due at the first, and comes to an end', async () => {
    const taskIds = await Promise.all(Array.from({ length: 25 }, () => add()));
    const seen: string[] = [];
    let asOf: string | undefined;

    for (let pages = 1, more = true; more; pages++) {
      expect(pages).toBeLessThanOrEqual(3);
      const page = await due({ asOf, most: 10 });
      const looks = page.uploads.map(({ taskId }) => taskId);
      seen.push(...looks);
      await uploads.recordLooks(
        looks.map((taskId) => ({ taskId, finding: 'unanswered', looks: 0, againMs: 0 })),
      );
      ({ asOf, more } = page);
    }

    expect(seen.toSorted()).toEqual(taskIds.toSorted());
    expect((await due({ most: 100 })).uploads).toHaveLength(25);
  });

  it('reads the index of what is open, not the table', async () => {
    await scratch.execute(`
      insert into bulk_notify.uploads
        (task_id, own_callback, uploaded_at, settled_at, settled_as)
      select gen_random_uuid(), true, now() - interval '1 day', now(), 'notified'
        from generate_series(1, 20000)`);
    await add();
    await scratch.execute('analyze bulk_notify.uploads');

    const plan = await scratch.execute<{ 'QUERY PLAN': string }>(`explain
      select u.task_id from bulk_notify.uploads u
        where u.settled_at is null and u.next_look_at <= now()
          and u.uploaded_at <= now() - interval '30 minutes'
        order by u.next_look_at, u.task_id limit 50`);

    expect(JSON.stringify(plan)).toContain('uploads_due');
  });
});

describe('recordLooks', () => {
  it('knows for how long the provider has not known an upload', async () => {
    const taskId = await add();
    const missing = { taskId, finding: 'missing', looks: 1, againMs: 5 * MINUTE } as const;

    await uploads.recordLooks([missing]);
    await pass(50, taskId);
    await uploads.recordLooks([{ ...missing, looks: 2 }]);
    await pass(10, taskId);

    const [upload] = (await due()).uploads;
    expect(upload).toMatchObject({ taskId, looks: 2 });
    expect(upload!.missingMs! / HOUR).toBeCloseTo(1, 1);
  });

  it('forgets that once the provider knows it', async () => {
    const taskId = await add();

    await uploads.recordLooks([{ taskId, finding: 'missing', looks: 1, againMs: 1 }]);
    await uploads.recordLooks([{ taskId, finding: 'waiting', looks: 2, againMs: 1 }]);
    await pass(1, taskId);

    expect((await due()).uploads).toMatchObject([{ taskId, missingMs: undefined }]);
  });

  it('does not change what is settled', async () => {
    const taskId = await add();
    await uploads.recordLooks([{ taskId, finding: 'started', looks: 1 }]);
    const before = await rowOf(taskId);

    await uploads.recordLooks([
      { taskId, finding: 'started', looks: 1 },
      { taskId, finding: 'waiting', looks: 2, againMs: 1 },
      { taskId: randomUUID(), finding: 'late', looks: 1 },
    ]);

    expect(await rowOf(taskId)).toEqual(before);
  });
});

describe('a database that is down', () => {
  it('is a failure that another attempt may cure', async () => {
    const { logger } = capturedLogger();
    const down = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', logger });
    const lost = createUploads({ database: down });

    const calls = [
      lost.record({ taskId: randomUUID(), ownCallback: true }),
      lost.findDue({ olderThanMs: 0, most: 1 }),
      lost.recordLooks([]),
    ];

    const failures = await Promise.allSettled(calls);
    expect(failures).toMatchObject(
      calls.map(() => ({ reason: { type: 'DatabaseUnavailable', nonRetryable: false } })),
    );
    await down.close();
  });
});
