import { planFaults } from '../plan/fault-plan';
import { planTraffic } from '../plan/traffic';
import { commandOf, parseOptions, type ProveOptions } from '../options';
import { createRandom } from '../../sandbox/random';

const MINUTES_30 = 30 * 60_000;

describe('planTraffic and planFaults', () => {
  it('give the same plan for the same seed and another plan for another seed', () => {
    const [one, same, other] = ['1', '1', '2'].map((seed) => ({
      traffic: planTraffic(createRandom(seed), 2, 60_000),
      faults: planFaults(createRandom(seed), {
        ...{ faults: ['worker', 'links'], cluster: false, lengthMs: 60_000 },
      }),
    }));

    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('give one upload per half second', () => {
    const { uploads } = planTraffic(createRandom('1'), 2, MINUTES_30);

    expect(uploads).toHaveLength(3_600);
    expect(new Set(uploads.map(({ taskId }) => taskId)).size).toBe(3_600);
  });

  it('give a target no fault while another one lasts', () => {
    const faults = planFaults(createRandom('1'), {
      ...{ faults: ['api', 'worker', 'temporal', 'postgres', 'links', 'provider', 'relay'] },
      ...{ cluster: true, lengthMs: MINUTES_30 },
    });

    const ends = new Map<string, number>();
    for (const { target, atMs, forMs } of faults) {
      expect(atMs).toBeGreaterThan(ends.get(target) ?? 0);
      ends.set(target, atMs + forMs);
    }
    expect(ends.size).toBe(19);
  });
});

describe('parseOptions', () => {
  it('parses the command that repeats a run', () => {
    const options = parseOptions(
      (
        '--seed 7 --minutes 0.5 --policy park --faults api,smtp --rate 3 ' +
        '--max-per-second 5 --cluster --mutant reply-behind,claim-skipped'
      ).split(' '),
    ) as ProveOptions;

    const command = commandOf(options, 'park');

    expect(parseOptions(command.split(' ').slice(4))).toEqual(options);
  });

  it.each([
    ['--minutes 0', '--minutes must be a number above 0'],
    ['--faults api,moon', '--faults: moon is none of'],
    ['--policy pray', '--policy: pray is none of'],
    ['--mutant none-such', '--mutant: none-such is none of'],
  ])('refuses %s', (text, message) => {
    expect(() => parseOptions(text.split(' '))).toThrow(message);
  });
});
