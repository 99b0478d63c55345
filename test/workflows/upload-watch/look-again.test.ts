import type { DueUpload, Finding } from '../../../activities/types';
import { foundOpen, lookAgainAfter } from '../../../workflows/upload-watch/look-again';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('foundOpen', () => {
  it.each<['waiting' | 'missing', Partial<DueUpload>, Finding]>([
    ['waiting', { ageMs: 29 * DAY }, 'waiting'],
    ['waiting', { ageMs: 30 * DAY }, 'unknown'],
    ['waiting', { missingMs: 2 * DAY }, 'waiting'],
    ['missing', { ageMs: 40 * DAY }, 'missing'],
    ['missing', { missingMs: DAY - 1 }, 'missing'],
    ['missing', { missingMs: DAY }, 'unknown'],
  ])('takes one that is %s, of %j, for %s', (status, change, expected) => {
    const upload = { taskId: 'a', looks: 1, ageMs: HOUR, ...change };

    const finding = foundOpen(status, upload);

    expect(finding).toBe(expected);
  });
});

describe('lookAgainAfter', () => {
  it.each([
    [0, 5 * MINUTE],
    [1, 10 * MINUTE],
    [4, 80 * MINUTE],
    [6, 4 * HOUR],
    [5_000, 4 * HOUR],
  ])('grows with each answer: after %i', (looks, expected) => {
    const distances = [lookAgainAfter('waiting', looks), lookAgainAfter('missing', looks)];

    expect(distances).toEqual([expected, expected]);
  });

  it('leaves what was not answered due', () => {
    const distance = lookAgainAfter('unanswered', 3);

    expect(distance).toBe(0);
  });

  it.each<Finding>(['started', 'late', 'unknown'])(
    'is never for what is settled: %s',
    (finding) => {
      const distance = lookAgainAfter(finding, 0);

      expect(distance).toBeUndefined();
    },
  );
});
