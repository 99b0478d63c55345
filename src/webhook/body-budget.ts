const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** What a piece of a body costs beside its bytes: a body in chunks of one byte is mostly this. */
const PIECE_OVERHEAD_BYTES = 256;

export interface BudgetLimits {
  /** For all bodies that are being read. */
  totalBytes: number;
  /** Of these, what only small bodies can take. */
  reserveBytes: number;
  /** What a small body may hold. */
  smallMaxBytes: number;
  bodiesMax: number;
  /** A body may take this long to arrive. */
  timeoutMs: number;
  /** How often the progress of a body is measured; the first window is its grace. */
  windowMs: number;
  bytesPerWindowMin: number;
}

export const BUDGET_LIMITS: BudgetLimits = {
  totalBytes: 128 * MIB,
  reserveBytes: 16 * MIB,
  // 1 MiB in pieces of a TCP segment.
  smallMaxBytes: 1.25 * MIB,
  bodiesMax: 500,
  timeoutMs: 30_000,
  windowMs: 5_000,
  bytesPerWindowMin: 50 * KIB,
};

export type BudgetRefusal = 'no_room' | 'too_slow' | 'timed_out';

/** A body that is being read. */
export interface BudgetedBody {
  /** Whether the next piece may be kept. If not, `refuse` was called and all is released. */
  reserve: (bytes: number) => boolean;
  /** Gives back what the body holds; every way out of reading calls it. */
  release: () => void;
}

interface Entry {
  held: number;
  large: boolean;
  openedAtMs: number;
  /** Bytes that arrived in the last full window and in this one, and since when. */
  last: { bytes: number; fromMs: number };
  current: { bytes: number; fromMs: number };
  timer: NodeJS.Timeout;
  refuse: (reason: BudgetRefusal) => void;
}

/**
 * Memory for the bodies of requests. Counts what arrived, not what was announced. When there is no
 * room, the body that makes the least progress is refused, which need not be the one that asks.
 */
export function createBodyBudget(limits: BudgetLimits) {
  const { totalBytes, reserveBytes, smallMaxBytes, bodiesMax } = limits;
  const entries = new Set<Entry>();
  let held = 0;
  let heldByLarge = 0;

  function open(refuse: (reason: BudgetRefusal) => void): BudgetedBody {
    const fromMs = performance.now();
    const entry: Entry = {
      held: 0,
      large: false,
      openedAtMs: fromMs,
      last: { bytes: 0, fromMs },
      current: { bytes: 0, fromMs },
      timer: setInterval(() => measure(entry), limits.windowMs).unref(),
      refuse,
    };
    if (entries.size >= bodiesMax) give(slowest(entries), 'no_room');
    entries.add(entry);
    return { reserve: (bytes) => reserve(entry, bytes), release: () => release(entry) };
  }

  function reserve(entry: Entry, bytes: number): boolean {
    if (!entries.has(entry)) return false;
    const cost = bytes + PIECE_OVERHEAD_BYTES;
    if (!entry.large && entry.held + cost > smallMaxBytes) {
      entry.large = true;
      heldByLarge += entry.held;
    }
    entry.held += cost;
    entry.current.bytes += bytes;
    held += cost;
    if (entry.large) heldByLarge += cost;
    makeRoom(entry);
    return entries.has(entry);
  }

  /** Ends at the latest when the body that asks is refused itself. */
  function makeRoom(asking: Entry): void {
    while (held > totalBytes || heldByLarge > totalBytes - reserveBytes) {
      const rivals = asking.large ? [...entries].filter(({ large }) => large) : entries;
      give(slowest(rivals), 'no_room');
    }
  }

  function give(entry: Entry | undefined, reason: BudgetRefusal): void {
    if (!entry) return;
    release(entry);
    entry.refuse(reason);
  }

  function release(entry: Entry): void {
    if (!entries.delete(entry)) return;
    clearInterval(entry.timer);
    held -= entry.held;
    if (entry.large) heldByLarge -= entry.held;
  }

  function measure(entry: Entry): void {
    const { openedAtMs, current } = entry;
    const now = performance.now();
    if (now - openedAtMs >= limits.timeoutMs) return give(entry, 'timed_out');
    if (current.bytes < limits.bytesPerWindowMin) return give(entry, 'too_slow');
    entry.last = current;
    entry.current = { bytes: 0, fromMs: now };
  }

  return { open, usage: () => ({ bytes: held, bodies: entries.size }) };
}

function slowest(entries: Iterable<Entry>): Entry | undefined {
  let least: Entry | undefined;
  for (const entry of entries) if (!least || rate(entry) < rate(least)) least = entry;
  return least;
}

/** Bytes a millisecond in this window and the one before. */
function rate({ last, current }: Entry): number {
  return (last.bytes + current.bytes) / (performance.now() - last.fromMs + 1);
}
