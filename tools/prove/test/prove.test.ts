import { runProve } from './run-prove';

describe('npm run prove', () => {
  it('finds no lost mail and no unrecorded double in two minutes in which every part fails', async () => {
    const { code, output, proof } = await runProve('--seed 2 --minutes 2');

    // The output has the timeline of each violation.
    expect(code === 0 ? '' : output).toBe('');
    expect(proof).toMatchObject({ violations: [], account: { accepted: 240, doubled: 0 } });
    expect(proof?.account.fates.lost).toBe(0);
    const broken = new Set(proof?.faults.map(({ target }) => target.replace(/-\d/g, '')));
    expect([...broken]).toEqual(
      expect.arrayContaining(['api', 'worker', 'temporal', 'postgres', 'provider', 'relay']),
    );
    expect(Object.keys(proof?.dialogues ?? {}).length).toBeGreaterThan(10);
  }, 900_000);
});
