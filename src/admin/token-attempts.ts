import { createHash } from 'node:crypto';

const WINDOW_MS = 5 * 60 * 1_000;
const GUESSES_MAX = 10;
/** More clients than that are an attack from many addresses, which then count as one. */
const CLIENTS_MAX = 1_000;
const OTHER_CLIENTS = 'others';

interface Failures {
  /** Digests of different tokens: a client that repeats an outdated one is not guessing. */
  guesses: Set<string>;
  since: number;
}

export type TokenAttempts = ReturnType<typeof createTokenAttempts>;

/** Counts wrong tokens by the client's network address. Behind a proxy all clients are one. */
export function createTokenAttempts(now: () => Date) {
  const failures = new Map<string, Failures>();

  function recent(client: string): Failures {
    const known = failures.get(client);
    const time = now().getTime();
    return known && time - known.since < WINDOW_MS ? known : { guesses: new Set(), since: time };
  }

  function keyOf(client: string): string {
    if (failures.has(client) || failures.size < CLIENTS_MAX) return client;
    for (const [key] of failures) if (recent(key).guesses.size === 0) failures.delete(key);
    return failures.size < CLIENTS_MAX ? client : OTHER_CLIENTS;
  }

  return {
    /** The seconds until the client may try again; 0 now. */
    secondsToWait(client: string): number {
      const { guesses, since } = recent(keyOf(client));
      if (guesses.size < GUESSES_MAX) return 0;
      return Math.ceil((since + WINDOW_MS - now().getTime()) / 1_000);
    },

    /** Returns whether this is the client's first failure of its window. */
    failed(client: string, token: string): boolean {
      const key = keyOf(client);
      const { guesses, since } = recent(key);
      const isFirst = guesses.size === 0;
      guesses.add(createHash('sha256').update(token).digest('base64'));
      failures.set(key, { guesses, since });
      return isFirst;
    },
  };
}
