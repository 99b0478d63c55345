export interface LeastRate {
  bytesPerSecond: number;
  /** The rate counts over this time. */
  windowMs: number;
}

/** 32 kbit/s over half a minute: slower than any line that people upload files over. */
export const LEAST_RATE: LeastRate = { bytesPerSecond: 4 * 2 ** 10, windowMs: 30_000 };

/**
 * Calls `tooSlow` once when a client sends less than the rate. Only the time counts during which we
 * wait for the client: while the provider has no room for more, its file is not read.
 */
export function watchRate({ bytesPerSecond, windowMs }: LeastRate, tooSlow: () => void) {
  const bytesMin = (bytesPerSecond * windowMs) / 1_000;
  let bytes = 0;
  let leftMs = windowMs;
  let waitingSince = 0;
  let timer: NodeJS.Timeout | undefined;

  function waitForClient(): void {
    clearTimeout(timer);
    waitingSince = performance.now();
    timer = setTimeout(endWindow, leftMs);
  }
  function endWindow(): void {
    if (bytes < bytesMin) return tooSlow();
    bytes = 0;
    leftMs = windowMs;
    waitForClient();
  }

  waitForClient();
  return {
    received: (size: number) => void (bytes += size),
    pause(): void {
      clearTimeout(timer);
      leftMs = Math.max(0, leftMs - (performance.now() - waitingSince));
    },
    resume: waitForClient,
    stop: () => clearTimeout(timer),
  };
}
