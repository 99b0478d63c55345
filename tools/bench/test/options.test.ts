import { parseOptions } from '../options';

const keys = (args: string[]) => parseOptions(args).rows.map(({ key }) => key);

describe('parseOptions', () => {
  it('has a relay over STARTTLS and no other commit by default', () => {
    const options = parseOptions([]);

    expect(options).toMatchObject({ plain: false, rounds: 3, runs: 300, burst: 2_000 });
    expect(options.baseline).toBeUndefined();
    expect(options.compare).toBeUndefined();
  });

  it('takes a relay in plain text, a checkout and an earlier report', () => {
    const options = parseOptions(['--plain', '--baseline', '/other', '--compare', 'before.json']);

    expect(options).toMatchObject({ plain: true, baseline: '/other', compare: 'before.json' });
  });

  it('is smaller with --quick, apart from sizes that are given', () => {
    const { rounds, burst, waiting } = parseOptions(['--quick', '--burst', '60']);

    expect({ rounds, burst }).toEqual({ rounds: 1, burst: 60 });
    expect(waiting).toBeLessThan(10_000);
  });

  it('chooses rows in the order of the table', () => {
    expect(keys(['--rows', 'burst,far-relay,throughput'])).toEqual([
      'throughput',
      'far-relay',
      'burst',
    ]);
  });

  it('chooses contenders whose names have a comma', () => {
    const { contenders } = parseOptions(['--contenders', 'ours, rate limit,baseline']);

    expect(contenders).toEqual(['ours, rate limit', 'baseline']);
  });

  it.each([
    [['--rows', 'speed'], '--rows: there is no speed'],
    [['--contenders', 'theirs'], '--contenders: there is no theirs'],
    [['--burst', '0'], '--burst must be a whole number above 0'],
    [['--runs', 'many'], '--runs must be a whole number above 0'],
    [['--speed'], '--speed'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
