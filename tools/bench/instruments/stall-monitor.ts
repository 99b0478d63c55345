// Loaded into a process of the service by --require. One SIGUSR2 starts the measurement of the event
// loop, the next one ends it and writes the longest stall in milliseconds.
import { writeFileSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.BENCH_STALL_FILE ?? '';
/** Sampling interval, by which a stall is overestimated at most. */
const RESOLUTION_MS = 1;

let histogram: IntervalHistogram | undefined;

process.on('SIGUSR2', () => {
  if (histogram) {
    histogram.disable();
    writeFileSync(file, String(histogram.max / 1e6));
    histogram = undefined;
  } else {
    histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    histogram.enable();
  }
});
