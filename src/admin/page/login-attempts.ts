const WINDOW_MS = 5 * 60 * 1_000;
const FAILURES_MAX = 10;
/** More clients than that are an attack from many addresses, which then count as one. */
const CLIENTS_MAX = 1_000;
const EVERYBODY_ELSE = 'others';

interface Failures {
  count: number;
  since: number;
}

/** Counts failed logins by the client's network address. Behind a proxy all clients are one. */
export function createLoginAttempts(now: () => Date) {
  const failures = new Map<string, Failures>();

  function recent(client: string): Failures {
    const known = failures.get(client);
    const time = now().getTime();
    return known && time - known.since < WINDOW_MS ? known : { count: 0, since: time };
  }

  function keyOf(client: string): string {
    if (failures.has(client) || failures.size < CLIENTS_MAX) return client;
    for (const [key] of failures) if (recent(key).count === 0) failures.delete(key);
    return failures.size < CLIENTS_MAX ? client : EVERYBODY_ELSE;
  }

  return {
    /** The seconds until the client may try again; 0 now. */
    secondsToWait(client: string): number {
      const { count, since } = recent(keyOf(client));
      if (count < FAILURES_MAX) return 0;
      return Math.ceil((since + WINDOW_MS - now().getTime()) / 1_000);
    },

    failed(client: string): void {
      const key = keyOf(client);
      const { count, since } = recent(key);
      failures.set(key, { count: count + 1, since });
    },
  };
}
