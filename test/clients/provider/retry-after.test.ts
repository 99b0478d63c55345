import { retryAfterMs } from '../../../src/clients/provider/retry-after';

const NOW = Date.parse('2026-02-12T10:00:00Z');
const HOUR = 3_600_000;

describe('retryAfterMs', () => {
  it.each<[string | undefined, number | undefined]>([
    ['1', 1_000],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['3600', HOUR],
    ['3601', HOUR],
    ['Thu, 12 Feb 2026 10:01:30 GMT', 90_000],
    ['Thursday, 12-Feb-26 10:01:30 GMT', 90_000],
    ['Thu, 12 Feb 2026 23:00:00 GMT', HOUR],
    ['Thu, 12 Feb 2026 09:59:59 GMT', undefined],
    ['Thu, 12 Feb 2026 10:00:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['5, 5', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    [' ', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('parses %j as %j milliseconds', (header, expected) => {
    const milliseconds = retryAfterMs(header, NOW);

    expect(milliseconds).toBe(expected);
  });

  it('counts from now', () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();

    const milliseconds = retryAfterMs(inAMinute);

    expect(milliseconds).toBeGreaterThan(55_000);
    expect(milliseconds).toBeLessThanOrEqual(60_000);
  });
});
