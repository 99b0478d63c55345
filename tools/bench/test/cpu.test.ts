import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuMs, parseStat } from '../measure/cpu';

describe('parseStat', () => {
  it('reads the times of a process whose name contains blanks and parentheses', () => {
    const line =
      '4711 (a) b) c) S 42 4711 4711 0 -1 4194560 100 200 0 0 7 5 30 20 20 0 1 0 9 0 0 0';

    expect(parseStat(line)).toEqual({ pid: 4711, parent: 42, ticks: 62 });
  });
});

(process.platform === 'linux' ? describe : describe.skip)('cpuMs', () => {
  it('includes children that run and that have ended', async () => {
    const busy = 'while (process.cpuUsage().user < 300_000);';
    const parent = spawn(process.execPath, [
      '-e',
      `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}]);
       process.stdout.write('done'); setInterval(() => {}, 1000);`,
    ]);

    await once(parent.stdout, 'data');
    const used = cpuMs([parent.pid!]);
    parent.kill();

    expect(used).toBeGreaterThan(200);
  });
});
