/** Writes at most one line per interval, with the number of calls since the previous line. */
export function createRareLog(write: (count: number) => void, intervalMs = 10_000): () => void {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (count === 0) return;
    write(count);
    count = 0;
    timer = setTimeout(flush, intervalMs).unref();
  }

  return function logRarely() {
    count += 1;
    if (!timer) flush();
  };
}
