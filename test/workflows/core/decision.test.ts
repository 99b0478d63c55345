import type { BulkUploadEvent } from '../../../workflows/core/event';
import type { Task } from '../../../workflows/core/decision';
import { reportedOutcome } from '../../../workflows/core/event';
import { decide } from '../../../workflows/core/decision';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';

/** A webhook of a file that was verified without a failure. */
const event = (change: Partial<BulkUploadEvent> = {}): BulkUploadEvent => ({
  taskId: TASK_ID,
  stats: { total: 3, completed: 3, failed: 0 },
  isVerified: true,
  jobCount: 3,
  ...change,
});

/** The same at the provider. */
const task = (change: Partial<Task> = {}): Task => ({
  id: TASK_ID,
  userId: 'user-of-the-task',
  fileBacked: true,
  fileName: 'leads.csv',
  emailCount: 3,
  fileStatus: 'completed',
  ...change,
});

const none = undefined;

describe('reportedOutcome', () => {
  it.each<[string, BulkUploadEvent['stats'], string | undefined]>([
    ['nothing', {}, none],
    ['a total only', { total: 3 }, none],
    ['completed ones', { completed: 3 }, 'completed'],
    ['not one completed', { completed: 0 }, 'completed'],
    ['failed ones', { failed: 1 }, 'failed'],
    ['no failed ones', { failed: 0 }, none],
    ['completed and no failed ones', { completed: 3, failed: 0 }, 'completed'],
    ['completed and failed ones', { completed: 2, failed: 1 }, 'failed'],
  ])('reads counts of %s', (_what, stats, expected) => {
    const outcome = reportedOutcome(stats);

    expect(outcome).toBe(expected);
  });
});

describe('decide', () => {
  it('decides on a notification with all that its mail says', () => {
    const decision = decide(event(), task());

    expect(decision).toEqual({
      taskId: TASK_ID,
      outcome: 'completed',
      userId: 'user-of-the-task',
      fileName: 'leads.csv',
      emailCount: 3,
    });
  });

  const stats = (completed?: number, failed?: number): Partial<BulkUploadEvent> => ({
    stats: { completed, failed },
  });

  it.each<[string, Partial<Task>, Partial<BulkUploadEvent>, string]>([
    [
      'the file completed, failures reported',
      { fileStatus: 'completed' },
      stats(2, 1),
      'completed',
    ],
    ['the file failed, none reported', { fileStatus: 'failed' }, stats(3, 0), 'failed'],
    ['the file failed, nothing reported', { fileStatus: 'failed' }, stats(), 'failed'],
    [
      'the file still processing, failures reported',
      { fileStatus: 'processing' },
      stats(2, 1),
      'failed',
    ],
    [
      'the file still processing, none reported',
      { fileStatus: 'processing' },
      stats(3, 0),
      'completed',
    ],
    ['an unknown status, none reported', { fileStatus: 'done' }, stats(3), 'completed'],
    ['no status, failures reported', { fileStatus: none }, stats(0, 3), 'failed'],
    ['no status, only completed ones reported', { fileStatus: none }, stats(3), 'completed'],
    ['no status, not even one completed', { fileStatus: none }, stats(0), 'completed'],
    [
      'another outcome decided before',
      { fileStatus: 'completed' },
      { decidedOutcome: 'failed' },
      'failed',
    ],
  ])('takes the outcome from %s', (_what, taskChange, eventChange, outcome) => {
    const decision = decide(event(eventChange), task(taskChange));

    expect(decision).toMatchObject({ taskId: TASK_ID, outcome });
  });

  it.each<[string, Partial<Task>, Partial<BulkUploadEvent>, string]>([
    ['the task', {}, {}, 'user-of-the-task'],
    ['the task before the webhook', {}, { userId: 'user-of-the-webhook' }, 'user-of-the-task'],
    ['the webhook', { userId: none }, { userId: 'user-of-the-webhook' }, 'user-of-the-webhook'],
  ])('takes the user from %s', (_what, taskChange, eventChange, userId) => {
    const decision = decide(event(eventChange), task(taskChange));

    expect(decision).toMatchObject({ userId });
  });

  it.each<[string, Partial<Task>, Partial<BulkUploadEvent>, number]>([
    ['the file', { emailCount: 5 }, {}, 5],
    ['an empty file', { emailCount: 0 }, {}, 0],
    ['the total of the webhook', { emailCount: none }, { stats: { total: 7, completed: 0 } }, 7],
    ['a total of none', { emailCount: none }, { stats: { total: 0, completed: 0 } }, 0],
    ['the number of jobs', { emailCount: none }, { stats: { completed: 0 }, jobCount: 9 }, 9],
    ['no jobs at all', { emailCount: none }, { stats: { completed: 0 }, jobCount: 0 }, 0],
  ])('takes the number of addresses from %s', (_what, taskChange, eventChange, emailCount) => {
    const decision = decide(event(eventChange), task(taskChange));

    expect(decision).toMatchObject({ emailCount });
  });

  it.each<[string, Partial<Task>, Partial<BulkUploadEvent>, object]>([
    ['is not of a file', { fileBacked: false }, {}, { reason: 'not_file_backed' }],
    [
      'is not of a file and lacks all else',
      { fileBacked: false, fileStatus: none, userId: none, fileName: none },
      stats(),
      { reason: 'not_file_backed' },
    ],
    ['has no outcome', { fileStatus: none }, stats(), { reason: 'outcome_unknown' }],
    ['only has no failures', { fileStatus: none }, stats(none, 0), { reason: 'outcome_unknown' }],
    ['is still processing', { fileStatus: 'processing' }, stats(), { reason: 'outcome_unknown' }],
    [
      'has neither outcome nor user',
      { fileStatus: none, userId: none },
      stats(),
      { reason: 'outcome_unknown' },
    ],
    [
      'has no count, and there was no webhook',
      { emailCount: none },
      { stats: { completed: 0 }, jobCount: none },
      { reason: 'task_metadata_missing', outcome: 'completed' },
    ],
    ['has no user', { userId: none }, {}, { reason: 'user_id_missing', outcome: 'completed' }],
    [
      'failed and has neither user nor file name',
      { fileStatus: 'failed', userId: none, fileName: none },
      {},
      { reason: 'user_id_missing', outcome: 'failed' },
    ],
    [
      'has no file name',
      { fileName: none },
      {},
      { reason: 'task_metadata_missing', outcome: 'completed' },
    ],
  ])('gives the reason when the task %s', (_what, taskChange, eventChange, expected) => {
    const decision = decide(event(eventChange), task(taskChange));

    expect(decision).toEqual(expected);
  });
});
