import { createHash } from 'node:crypto';

export type Random = ReturnType<typeof createRandom>;

/** Pseudo-random numbers: the same sequence for the same seed, on every machine. */
export function createRandom(seed: string) {
  let count = 0;
  const bytes = () => createHash('sha256').update(`${seed}/${count++}`).digest();
  const next = () => bytes().readUIntBE(0, 6) / 2 ** 48;
  const between = (least: number, most: number) => least + next() * (most - least);

  /** Picks an entry with a probability proportional to its weight. */
  function weighted<T>(entries: readonly (readonly [weight: number, entry: T])[]): T {
    let left = between(
      0,
      entries.reduce((sum, [weight]) => sum + weight, 0),
    );
    const found = entries.find(([weight]) => (left -= weight) < 0) ?? entries.at(-1);
    if (!found) throw new Error('nothing to choose from');
    return found[1];
  }

  /** A whole number from 0 up to, not including, the bound. */
  const below = (bound: number) => Math.floor(next() * bound);

  /** Returns a function that draws each entry once, in random order, before it draws one again. */
  function deck<T>(entries: readonly T[]): () => T {
    let left: T[] = [];
    return () => {
      if (left.length === 0) left = [...entries];
      const [drawn] = left.splice(below(left.length), 1);
      if (drawn === undefined) throw new Error('nothing to choose from');
      return drawn;
    };
  }

  return {
    between,
    whole: (least: number, most: number) => Math.floor(between(least, most + 1)),
    below,
    deck,
    chance: (probability: number) => next() < probability,
    weighted,
    pick: <T>(entries: readonly T[]): T => weighted(entries.map((entry) => [1, entry] as const)),
    uuid(): string {
      const hex = bytes().toString('hex');
      const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
      return [...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
    },
    /** An independent sequence, whatever is drawn from this one. */
    fork: (name: string) => createRandom(`${seed}/${name}`),
  };
}
