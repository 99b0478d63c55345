import fc from 'fast-check';
import { claimDelay, retryDelay } from '../../activities/send/retry-delay';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What the schedule says for the middle of its jitter. */
const delayAfter = (reply: string, attempt = 1, configuration = false) =>
  retryDelay({ attempt, reply, configuration }, 0.5) / MINUTE;

describe('retryDelay', () => {
  const schedule: [attempt: number, minutes: number][] = [
    [1, 1],
    [2, 5],
    [3, 15],
    [4, 30],
    [5, 60],
    [6, 120],
    [7, 240],
    [8, 240],
    [1_000, 240],
  ];
  it.each(schedule)('after attempt %d is %d minutes, a fifth less or more', (attempt, minutes) => {
    const deferral = { attempt, reply: '451 later', configuration: false };
    expect(retryDelay(deferral, 0)).toBe(0.8 * minutes * MINUTE);
    expect(retryDelay(deferral, 0.5)).toBe(minutes * MINUTE);
    expect(retryDelay(deferral, 1)).toBe(1.2 * minutes * MINUTE);
  });

  const first = { attempt: 1, configuration: false };
  const words: [reply: string, minutes: number][] = [
    ['421 4.4.5 busy', 5],
    ['421 Too many concurrent SMTP connections', 5],
    ['432 4.3.2 concurrent connections limit exceeded', 5],
    ['454 Throttling failure: maximum sending rate exceeded', 5],
    ['450-4.7.1 too much mail 450 4.7.1 from you', 5],
    ['450 4.2.0 <address>: Recipient address rejected: Greylisted', 5],
    ['451 Graylisting in action, please come back later', 5],
    ['450 you are grey-listed', 5],
    ['451 gray listing', 5],
    ['450 4.7.1 try again later', 5],
    ['421 4.7.0 too many messages', 5],
    ['450 4.7.25 no reverse name', 5],
    ['451 4.7.650 the mail server has been temporarily rate limited', 5],
    ['450 greylisted, try again in 10 minutes', 10],
    ['450 greylisted for 300 seconds', 5],
    ['450 greylisted, try again in 180 sec', 3],
    ['450 try again in 10 minutes', 10],
    ['450 Try Again In 10 MINUTES', 10],
    ['450 try again in 7min', 7],
    ['450 try again in 1 hour', 60],
    ['450 try again in 4 hours', 240],
    // What is not asked for, or not to be believed, leaves the schedule.
    ['450 try again in 5 hours', 1],
    ['450 try again in 99999 hours', 1],
    ['450 try again in 0 minutes', 1],
    ['450 try again in 20 seconds', 1],
    ['450 try again in a few minutes', 1],
    ['450 4.2.0 mailbox busy', 1],
    ['450 queue 10minutesago', 1],
    ['451 from 10.4.7.1 today', 1],
    ['450 14.7.1.2 is not an enhanced code, nor is 4.70.1', 1],
    ['', 1],
  ];
  it.each(words)('after "%s" is at least %d minutes', (reply, minutes) => {
    const delay = (random: number) => retryDelay({ ...first, reply }, random) / MINUTE;
    // One minute is the schedule's, a fifth less or more.
    expect(delay(0)).toBe(minutes === 1 ? 0.8 : minutes);
    expect(delay(1)).toBeCloseTo(1.2 * minutes);
  });

  it('follows the schedule where that is longer than what the relay asks for', () => {
    expect(delayAfter('450 try again in 10 minutes', 4)).toBe(30);
    expect(delayAfter('450 greylisted', 3)).toBe(15);
  });

  const repairs: [reply: string, attempt: number, minutes: number][] = [
    ['535 5.7.8 bad credentials', 1, 15],
    ['535 5.7.8 bad credentials', 3, 15],
    ['535 5.7.8 bad credentials', 4, 24],
    ['535 5.7.8 bad credentials', 9, 192],
    ['535 too many failures, try again in 1 minute', 1, 15],
    ['535 too many failures, try again in 30 minutes', 1, 30],
    ['self-signed certificate', 1, 15],
    ['550 5.4.5 daily quota', 1, 15],
    // Once more on a new connection.
    ['503 5.5.1 bad sequence', 1, 0.8],
    ['503 5.5.1 bad sequence', 2, 15],
  ];
  it.each(repairs)('for a person to repair "%s" after attempt %d is %d minutes', (...row) => {
    const [reply, attempt, minutes] = row;
    expect(retryDelay({ attempt, reply, configuration: true }, 0) / MINUTE).toBe(minutes);
  });

  it('is whole milliseconds between 48 seconds and 4.8 hours, whatever the relay says', () => {
    const reply = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.nat(), fc.constantFrom(' seconds', 'min', ' hours'))
        .map((words) => words.join('')),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        reply,
        fc.boolean(),
        (attempt, text, repair) => {
          const delay = retryDelay({ attempt, reply: text, configuration: repair });
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0.8 * MINUTE);
          expect(delay).toBeLessThanOrEqual(4.8 * HOUR);
        },
      ),
    );
  });
});

describe('claimDelay', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [9, 512_000],
    [10, 600_000],
    [5_000, 600_000],
  ])('after attempt %d is %d ms', (attempt, delay) => {
    expect(claimDelay(attempt)).toBe(delay);
  });
});
