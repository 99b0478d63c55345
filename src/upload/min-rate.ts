export interface MinRate {
  bytesPerSecond: number;
  /** The rate is averaged over this time. */
  windowMs: number;
}

/** 32 kbit/s over half a minute, which is slower than any line that people use to upload files. */
export const MIN_RATE: MinRate = { bytesPerSecond: 4 * 2 ** 10, windowMs: 30_000 };

/**
 * Calls `onTooSlow` once when the client sends slower than the rate. Counts only the time during
 * which the service waits for the client, not the time during which the provider accepts no data.
 */
export function enforceMinRate({ bytesPerSecond, windowMs }: MinRate, onTooSlow: () => void) {
  const bytesMin = (bytesPerSecond * windowMs) / 1_000;
  let bytes = 0;
  let remainingMs = windowMs;
  let waitingSinceMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function waitForClient(): void {
    clearTimeout(timer);
    waitingSinceMs = performance.now();
    timer = setTimeout(endWindow, remainingMs);
  }
  function endWindow(): void {
    if (bytes < bytesMin) return onTooSlow();
    bytes = 0;
    remainingMs = windowMs;
    waitForClient();
  }

  waitForClient();
  return {
    received: (size: number) => void (bytes += size),
    pause(): void {
      clearTimeout(timer);
      remainingMs = Math.max(0, remainingMs - (performance.now() - waitingSinceMs));
    },
    resume: waitForClient,
    stop: () => clearTimeout(timer),
  };
}
