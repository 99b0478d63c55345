import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliOf } from '../contenders/start-baseline';
import { whyAbsent } from '../contenders/start-contenders';

describe('the baseline', () => {
  it('is absent unless a checkout is named', () => {
    const contenders = ['baseline', 'baseline, rate limit'] as const;

    expect(contenders.map((name) => whyAbsent(name, { contenders }))).toEqual([
      '--baseline names no checkout',
      '--baseline names no checkout',
    ]);
    expect(whyAbsent('baseline', { contenders, baseline: '/other' })).toBeUndefined();
  });

  it('is the command of a checkout that is built', async () => {
    const checkout = await mkdtemp(join(tmpdir(), 'bulk-notify-baseline-'));
    try {
      expect(() => cliOf(checkout)).toThrow('run `npm ci` and `npm run build` there');

      await mkdir(join(checkout, 'dist/src'), { recursive: true });
      await writeFile(join(checkout, 'dist/src/cli.js'), '');

      expect(cliOf(checkout)).toBe(join(checkout, 'dist/src/cli.js'));
    } finally {
      await rm(checkout, { recursive: true });
    }
  });
});
