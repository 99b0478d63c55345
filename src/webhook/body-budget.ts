const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Memory for each chunk besides its bytes; it dominates when a body arrives byte by byte. */
const CHUNK_OVERHEAD_BYTES = 256;

export interface BudgetLimits {
  /** Memory for all bodies that are being read. */
  totalBytes: number;
  /** The part of `totalBytes` that only small bodies can use. */
  reserveBytes: number;
  /** A body that holds more than this is a large one. */
  smallMaxBytes: number;
  bodiesMax: number;
  /** Time for a whole body to arrive. */
  timeoutMs: number;
  /** The progress of a body is measured once per window. */
  windowMs: number;
  bytesPerWindowMin: number;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
}

export const BUDGET_LIMITS: BudgetLimits = {
  totalBytes: 128 * MIB,
  reserveBytes: 16 * MIB,
  // 1 MiB in chunks of one TCP segment.
  smallMaxBytes: 1.25 * MIB,
  bodiesMax: 500,
  timeoutMs: 30_000,
  windowMs: 5_000,
  bytesPerWindowMin: 50 * KIB,
  now: () => performance.now(),
};

export type BudgetRefusal = 'no_room' | 'too_slow' | 'timed_out';

/** The share of the budget that one body holds. */
export interface BudgetedBody {
  /** Whether the next chunk may be kept. If not, `onRefused` was called and everything is released. */
  reserve: (bytes: number) => boolean;
  /** Returns what the body holds. Call it however the reading ends. */
  release: () => void;
}

interface Entry {
  held: number;
  large: boolean;
  openedAtMs: number;
  previousWindow: { bytes: number; fromMs: number };
  currentWindow: { bytes: number; fromMs: number };
  timer: NodeJS.Timeout;
  onRefused: (reason: BudgetRefusal) => void;
}

/**
 * Bounds the memory of request bodies. Counts the bytes that arrived, not the announced length. When
 * the budget is used up, the slowest body is refused, which need not be the one that asks for room.
 */
export function createBodyBudget(limits: BudgetLimits) {
  const { totalBytes, reserveBytes, smallMaxBytes, bodiesMax, now } = limits;
  const entries = new Set<Entry>();
  let held = 0;
  let heldByLarge = 0;

  function open(onRefused: (reason: BudgetRefusal) => void): BudgetedBody {
    const fromMs = now();
    const entry: Entry = {
      held: 0,
      large: false,
      openedAtMs: fromMs,
      previousWindow: { bytes: 0, fromMs },
      currentWindow: { bytes: 0, fromMs },
      timer: setInterval(() => measure(entry), limits.windowMs).unref(),
      onRefused,
    };
    if (entries.size >= bodiesMax) refuse(slowestOf(entries, now()), 'no_room');
    entries.add(entry);
    return { reserve: (bytes) => reserve(entry, bytes), release: () => release(entry) };
  }

  function reserve(entry: Entry, bytes: number): boolean {
    if (!entries.has(entry)) return false;
    const cost = bytes + CHUNK_OVERHEAD_BYTES;
    if (!entry.large && entry.held + cost > smallMaxBytes) {
      entry.large = true;
      heldByLarge += entry.held;
    }
    entry.held += cost;
    entry.currentWindow.bytes += bytes;
    held += cost;
    if (entry.large) heldByLarge += cost;
    makeRoom(entry);
    return entries.has(entry);
  }

  /** Refuses the slowest bodies until the rest fits; the asking body may be one of them. */
  function makeRoom(asking: Entry): void {
    while (held > totalBytes || heldByLarge > totalBytes - reserveBytes) {
      const rivals = asking.large ? [...entries].filter(({ large }) => large) : entries;
      refuse(slowestOf(rivals, now()), 'no_room');
    }
  }

  function refuse(entry: Entry | undefined, reason: BudgetRefusal): void {
    if (!entry) return;
    release(entry);
    entry.onRefused(reason);
  }

  function release(entry: Entry): void {
    if (!entries.delete(entry)) return;
    clearInterval(entry.timer);
    held -= entry.held;
    if (entry.large) heldByLarge -= entry.held;
  }

  function measure(entry: Entry): void {
    const { openedAtMs, currentWindow } = entry;
    const nowMs = now();
    if (nowMs - openedAtMs >= limits.timeoutMs) return refuse(entry, 'timed_out');
    if (currentWindow.bytes < limits.bytesPerWindowMin) return refuse(entry, 'too_slow');
    entry.previousWindow = currentWindow;
    entry.currentWindow = { bytes: 0, fromMs: nowMs };
  }

  return { open, usage: () => ({ bytes: held, bodies: entries.size }) };
}

function slowestOf(entries: Iterable<Entry>, nowMs: number): Entry | undefined {
  let slowest: Entry | undefined;
  for (const entry of entries) {
    if (!slowest || rate(entry, nowMs) < rate(slowest, nowMs)) slowest = entry;
  }
  return slowest;
}

/** Bytes per millisecond in this window and the previous one. */
function rate({ previousWindow, currentWindow }: Entry, nowMs: number): number {
  const bytes = previousWindow.bytes + currentWindow.bytes;
  return bytes / (nowMs - previousWindow.fromMs + 1);
}
