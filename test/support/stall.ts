/** Keeps the process busy, so that it neither reads nor runs timers. */
export function stall(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
