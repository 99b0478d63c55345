import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../sandbox/until';

let files = 0;

/** Measures event loop stalls of a process that was started with `environment`. */
export function stallMonitor() {
  const file = join(tmpdir(), `bulk-notify-stall-${process.pid}-${++files}`);

  return {
    environment: {
      NODE_OPTIONS: `--require=${join(__dirname, 'stall-monitor.js')}`,
      BENCH_STALL_FILE: file,
    },
    /** The longest event loop stall of `pid` during `work`, in milliseconds. */
    async during(pid: number, work: () => Promise<unknown>): Promise<number> {
      process.kill(pid, 'SIGUSR2');
      await work();
      process.kill(pid, 'SIGUSR2');
      let text = '';
      await until('the stall is written', async () => {
        text = await readFile(file, 'utf8').catch(() => '');
        return text !== '';
      });
      await rm(file);
      return Number(text);
    },
  };
}
