import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { trickle } from './trickle';

export interface ProviderFault {
  status: number;
  /** An object is sent as JSON, a string as it is; the provider's error body by default. */
  body?: object | string;
  /** Seconds. */
  retryAfter?: number;
  /** How many requests; until released by default. */
  times?: number;
  /** Only requests with such a path; all by default. */
  path?: RegExp;
}

export interface ProviderFaults {
  /** Answers requests with this instead; faults are used up in the order they came. */
  fail: (fault: ProviderFault) => { release: () => void };
  /** Keeps every request waiting before it is answered; 0 ends that for the next ones. */
  delay: (ms: number) => void;
  /** How many requests it keeps waiting now. */
  delayed: () => number;
  /** Sends the body of every answer in pieces over this time; 0 ends that for the next ones. */
  trickle: (ms: number) => void;
  /** For the provider: waits, then gives the fault to answer with, if any. */
  next: (path: string) => Promise<ProviderFault | undefined>;
  /** For the provider: the body as it is to be sent. */
  paced: (body: Buffer) => Buffer | Readable;
  /** For the provider: ends all waits. */
  interrupt: () => void;
}

export function createProviderFaults(): ProviderFaults {
  let faults: { fault: ProviderFault; left: number }[] = [];
  let delayMs = 0;
  let delayed = 0;
  let trickleMs = 0;
  let interruption = createInterruption();

  return {
    fail(fault) {
      const entry = { fault, left: fault.times ?? Infinity };
      faults.push(entry);
      return { release: () => void (faults = faults.filter((other) => other !== entry)) };
    },
    delay(ms) {
      delayMs = ms;
    },
    delayed: () => delayed,
    trickle(ms) {
      trickleMs = ms;
    },
    paced: (body) => (trickleMs ? trickle(body, trickleMs, interruption.signal) : body),
    async next(path) {
      // Taken before the wait: the order of requests, not of answers.
      const entry = faults.find(({ fault }) => fault.path?.test(path) ?? true);
      if (entry && --entry.left <= 0) faults = faults.filter((other) => other !== entry);
      if (delayMs) {
        const { signal } = interruption;
        delayed += 1;
        await sleep(delayMs, undefined, { signal }).catch(() => {});
        delayed -= 1;
      }
      return entry?.fault;
    },
    interrupt() {
      interruption.abort();
      interruption = createInterruption();
    },
  };
}

function createInterruption(): AbortController {
  const interruption = new AbortController();
  // Every request that waits listens to it.
  setMaxListeners(0, interruption.signal);
  return interruption;
}
