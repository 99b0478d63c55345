// Loaded into a process of the service by --require. SIGUSR2 begins a watch of its event loop, the
// next one ends it and writes the longest stall (milliseconds). Between watches it costs nothing.
import { writeFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.BENCH_STALL_FILE ?? '';
/** Milliseconds between looks; a stall is seen longer by at most that. */
const resolution = 1;

let watch: IntervalHistogram | undefined;

process.on('SIGUSR2', () => {
  if (watch) {
    watch.disable();
    writeFileSync(file, String(watch.max / 1e6));
    watch = undefined;
  } else {
    watch = monitorEventLoopDelay({ resolution });
    watch.enable();
  }
});
