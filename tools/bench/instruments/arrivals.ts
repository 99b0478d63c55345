/** Arrival times of the mails. */
export function createArrivals() {
  const times = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  let doubled = 0;

  return {
    record(taskId: string, at: number): void {
      if (times.has(taskId)) doubled += 1;
      else times.set(taskId, at);
      waiting.get(taskId)?.();
      waiting.delete(taskId);
    },
    /** The time of its 250; undefined before. */
    at: (taskId: string): number | undefined => times.get(taskId),
    async of(taskId: string): Promise<void> {
      if (!times.has(taskId)) await new Promise<void>((resolve) => waiting.set(taskId, resolve));
    },
    doubled: () => doubled,
  };
}
export type Arrivals = ReturnType<typeof createArrivals>;
