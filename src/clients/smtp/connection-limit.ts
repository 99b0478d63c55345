/** One more connection is tried after each of these. */
const RAISE_AFTER_MS = 60_000;

export type ConnectionLimit = ReturnType<typeof createConnectionLimit>;

/** How many connections may be open: fewer for a while after the relay said that they are too many. */
export function createConnectionLimit(max: number, now = () => performance.now()) {
  let lowered = max;
  let loweredAt = 0;

  function current(): number {
    return Math.min(max, lowered + Math.floor((now() - loweredAt) / RAISE_AFTER_MS));
  }

  return {
    current,
    lower(connections: number): void {
      lowered = Math.max(1, Math.min(connections, current()));
      loweredAt = now();
    },
  };
}
