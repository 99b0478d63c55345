import { setTimeout as sleep } from 'node:timers/promises';

/** The steps of the dialogue at which the relay can be told what to do. */
export type RelayStep = 'greeting' | 'auth' | 'mail-from' | 'rcpt-to' | 'final-reply';

/**
 * What the relay does at a step instead of its usual answer: a 4yz or 5yz reply, or a cut
 * connection, or the usual answer after a delay. A mail whose final reply is cut was kept: that is
 * the send which ends ambiguous.
 */
export type RelayAnswer = {
  step: RelayStep;
  /** The recipient of the only RCPT TO that is answered so. */
  to?: string;
  delayMs?: number;
  /** How often, 1 by default; `Infinity` until `answerNormally()`. */
  times?: number;
} & ({ code: number; text: string } | { drop: true } | { delayMs: number });

export interface Hold {
  /** Resolves when the first client waits at the step. */
  reached: Promise<void>;
  /** Lets all waiting clients go on. */
  release: () => void;
}

export interface RelayScript {
  /** Queues an answer; those for one step are given in the order they came. */
  answer: (answer: RelayAnswer) => void;
  /** Takes back all answers and holds. */
  answerNormally: () => void;
  /** Keeps clients waiting at a step. */
  hold: (step: RelayStep) => Hold;
  /** For the relay: waits as long as the script says, then tells what to answer, if not the usual. */
  play: (step: RelayStep, recipient?: string) => Promise<RelayAnswer | undefined>;
  /** For the relay: ends all waits. */
  interrupt: () => void;
}

interface Waiting extends Hold {
  step: RelayStep;
  released: Promise<void>;
  arrive(): void;
}

export function createRelayScript(): RelayScript {
  let answers: { answer: RelayAnswer; left: number }[] = [];
  const holds = new Set<Waiting>();
  let interruption = new AbortController();

  function take(step: RelayStep, recipient?: string): RelayAnswer | undefined {
    const entry = answers.find(
      ({ answer: { step: at, to = recipient } }) => at === step && to === recipient,
    );
    if (entry && --entry.left <= 0) answers = answers.filter((other) => other !== entry);
    return entry?.answer;
  }

  function hold(step: RelayStep): Hold {
    let arrive = () => {};
    let open = () => {};
    const waiting: Waiting = {
      step,
      reached: new Promise((resolve) => (arrive = resolve)),
      released: new Promise((resolve) => (open = resolve)),
      arrive: () => arrive(),
      release() {
        holds.delete(waiting);
        open();
      },
    };
    holds.add(waiting);
    return waiting;
  }

  const releaseAll = () => holds.forEach((waiting) => waiting.release());

  return {
    answer(answer) {
      answers.push({ answer, left: answer.times ?? 1 });
    },
    answerNormally() {
      answers = [];
      releaseAll();
    },
    hold,
    async play(step, recipient) {
      const { signal } = interruption;
      for (const waiting of holds) {
        if (waiting.step !== step) continue;
        waiting.arrive();
        await waiting.released;
      }
      const answer = take(step, recipient);
      // An interrupted delay ends early: the connection is gone by then.
      if (answer?.delayMs) await sleep(answer.delayMs, undefined, { signal }).catch(() => {});
      return answer;
    },
    interrupt() {
      interruption.abort();
      interruption = new AbortController();
      releaseAll();
    },
  };
}
