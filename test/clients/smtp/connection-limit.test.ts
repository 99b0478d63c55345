import { createConnectionLimit } from '../../../src/clients/smtp/connection-limit';

const MINUTE = 60_000;

describe('the limit of connections', () => {
  it('is lower for a while, and rises by one a minute', () => {
    let now = 1_000;
    const limit = createConnectionLimit(5, () => now);
    expect(limit.current()).toBe(5);

    limit.lower(3);
    const limits = [0, MINUTE - 1, MINUTE, 2 * MINUTE, 10 * MINUTE].map((elapsedMs) => {
      now = 1_000 + elapsedMs;
      return limit.current();
    });

    expect(limits).toEqual([3, 3, 4, 5, 5]);
  });

  it.each([
    [0, 1],
    [9, 5],
  ])('lowered to %d is %d', (connections, expected) => {
    const limit = createConnectionLimit(5);
    limit.lower(connections);
    expect(limit.current()).toBe(expected);
  });
});
