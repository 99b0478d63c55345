import { percentile, summarize } from '../measure/stats';

describe('summarize', () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[9, 1, 5], { median: 5, min: 1, max: 9 }],
    [[4, 1, 3, 2], { median: 2.5, min: 1, max: 4 }],
    [[10, 9], { median: 9.5, min: 9, max: 10 }],
  ])('of %j is %j', (values, expected) => {
    expect(summarize(values)).toEqual(expected);
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [hundred, 50, 50],
    [hundred, 99, 99],
    [[7], 99, 7],
    [[2, 1], 50, 1],
    [[2, 1], 99, 2],
  ])('of %j at %d %% is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it('does not change the order of the values', () => {
    const values = [2, 1];

    percentile(values, 50);

    expect(values).toEqual([2, 1]);
  });
});
