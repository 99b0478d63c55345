import { createRareLog } from '../../src/telemetry/rare-log';
import { until } from '../../tools/sandbox/until';

describe('a rare log', () => {
  it('writes the first call at once, and then one line per interval with their number', async () => {
    const counts: number[] = [];
    const logRarely = createRareLog((count) => counts.push(count), 20);

    for (let call = 0; call < 5; call += 1) logRarely();
    const atOnce = [...counts];
    await until('the interval is over', () => counts.length > 1);

    expect(atOnce).toEqual([1]);
    expect(counts).toEqual([1, 4]);
  });
});
