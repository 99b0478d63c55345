import { judgeClock } from '../../src/doctor/clock';

describe('judgeClock', () => {
  it.each([
    [4_000, 'ok', 'Temporal and this machine agree'],
    [-4_000, 'ok', 'Temporal and this machine agree'],
    [65_000, 'warning', "the clock of Temporal is 65.0 s ahead of this machine's"],
    [-6_500, 'warning', "the clock of Temporal is 6.5 s behind this machine's"],
    [undefined, 'skipped', 'the clock of Temporal cannot be read'],
  ])('judges a clock that is %s ms ahead', (ahead, status, what) => {
    expect(judgeClock(ahead, 'Temporal')).toMatchObject({ status, what });
  });
});
