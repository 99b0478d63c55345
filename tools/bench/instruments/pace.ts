import { setTimeout as delay } from 'node:timers/promises';

/**
 * `atOnce`: that many at the same time, the next as soon as one is answered or mailed.
 * `perSecond`: at fixed times, regardless of earlier answers.
 */
export type Pace = { atOnce: number; until: 'answered' | 'mailed' } | { perSecond: number };

/** Times of the notifications, in the order of their task IDs. */
export interface Sent {
  /** `Date.now()` when it was due at this pace, or when it was sent. */
  sentAt: number[];
  /** Milliseconds from `sentAt` to the answer. */
  answeredMs: number[];
  /** From the first to the last answer. */
  seconds: number;
  /** Number of retries. */
  retried: number;
}

/** Sends one notification per ID. `send` resolves to its number of retries when it is answered. */
export async function atPace(
  ids: string[],
  pace: Pace,
  send: (id: string) => Promise<number>,
  mailed: (id: string) => Promise<void>,
): Promise<Sent> {
  const sent: Sent = { sentAt: [], answeredMs: [], retried: 0, seconds: 0 };
  const start = performance.now();

  async function sendOne(
    index: number,
    began = performance.now(),
    sentAt = Date.now(),
  ): Promise<void> {
    const id = ids[index] as string;
    sent.sentAt[index] = sentAt;
    const retries = await send(id);
    sent.retried += retries;
    sent.answeredMs[index] = performance.now() - began;
  }

  const finish = (): Sent => ({ ...sent, seconds: (performance.now() - start) / 1_000 });

  if ('perSecond' in pace) {
    const began = performance.now();
    const beganAt = Date.now();
    const all = ids.map(async (_id, index) => {
      const afterMs = (index * 1_000) / pace.perSecond;
      const due = began + afterMs;
      await delay(Math.max(0, due - performance.now()));
      await sendOne(index, Math.min(due, performance.now()), beganAt + afterMs);
    });
    await Promise.all(all);
    return finish();
  }

  const { atOnce, until } = pace;
  let next = 0;
  async function lane(): Promise<void> {
    for (let index = next++; index < ids.length; index = next++) {
      await sendOne(index);
      if (until === 'mailed') await mailed(ids[index] as string);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
  return finish();
}
