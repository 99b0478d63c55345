import { setTimeout as delay } from 'node:timers/promises';
import type { ParkReason } from '../../workflows/core/reasons';
import type { LedgerState } from './notification-filter';

/** Well below the ten seconds that Prometheus waits for a scrape. */
const SAMPLE_TIMEOUT_MS = 4_000;

export interface OpenCount {
  state: Exclude<LedgerState, 'sent'>;
  reason?: ParkReason;
  count: number;
}

/** Reads of the ledger for the sampler. Every call rejects when the database cannot be asked. */
export interface WaitingLedger {
  countOpen(): Promise<OpenCount[]>;
  /** Since when the oldest waits: its first record, or the last request for it. */
  readOldest(): Promise<Date | undefined>;
  /** Those that the ledger does not have. */
  findUnrecorded(eventIds: readonly string[]): Promise<Set<string>>;
}

/** A run that has not settled. */
export interface WaitingRun {
  eventId: string;
  startedAt: Date;
}

export interface Pollers {
  taskQueue: 'notifications' | 'sends' | 'upload_checks' | 'bulk_resends';
  type: 'workflow' | 'activity';
  /** Seen by Temporal within the last five minutes. */
  pollers: number;
}

export interface SampledParts {
  ledger?: WaitingLedger;
  listWaitingRuns: () => Promise<WaitingRun[]>;
  countPollers: () => Promise<Pollers[]>;
}

/** What waits now. A part is absent if its source did not answer: nothing is guessed. */
export interface WaitingSample {
  ledger?: { open: OpenCount[]; oldest?: Date };
  /** Runs that the ledger does not know: they wait for a worker, the provider or the database. */
  runs?: { unrecorded: number; oldest?: Date };
  pollers?: Pollers[];
  /** Of each source that was asked. */
  answered: Partial<Record<'ledger' | 'runs' | 'task_queues', boolean>>;
}

/** Asks the ledger and Temporal once each; never rejects. */
export async function sampleWaiting(
  { ledger, listWaitingRuns, countPollers }: SampledParts,
  timeoutMs = SAMPLE_TIMEOUT_MS,
): Promise<WaitingSample> {
  const [ofLedger, ofRuns, pollers] = await Promise.all([
    ledger && answerOf(readLedger(ledger), timeoutMs),
    ledger && answerOf(readRuns(listWaitingRuns, ledger), timeoutMs),
    answerOf(countPollers(), timeoutMs),
  ]);
  return {
    ledger: ofLedger,
    runs: ofRuns,
    pollers,
    answered: {
      ...(ledger && { ledger: ofLedger !== undefined, runs: ofRuns !== undefined }),
      task_queues: pollers !== undefined,
    },
  };
}

async function readLedger(ledger: WaitingLedger): Promise<WaitingSample['ledger']> {
  const [open, oldest] = await Promise.all([ledger.countOpen(), ledger.readOldest()]);
  return { open, oldest };
}

/**
 * A run whose notification is in the ledger may have been open for days and wait for a minute, since a
 * request for a resend: the ledger tells since when, and only runs that it lacks count here.
 */
async function readRuns(
  list: SampledParts['listWaitingRuns'],
  ledger: WaitingLedger,
): Promise<WaitingSample['runs']> {
  const waiting = await list();
  const missing = await ledger.findUnrecorded(waiting.map(({ eventId }) => eventId));
  const starts = waiting
    .filter(({ eventId }) => missing.has(eventId))
    .map(({ startedAt }) => startedAt.getTime());
  return {
    unrecorded: starts.length,
    ...(starts.length > 0 && { oldest: new Date(Math.min(...starts)) }),
  };
}

async function answerOf<T>(question: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const late = delay(timeoutMs, undefined, { ref: false });
  return Promise.race([question, late]).catch(() => undefined);
}
