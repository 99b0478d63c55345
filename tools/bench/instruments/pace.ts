import { setTimeout as delay } from 'node:timers/promises';

/**
 * `atOnce`: so many under way, the next as soon as one is answered, or has been mailed.
 * `perSecond`: at fixed times, whatever became of those before.
 */
export type Pace = { atOnce: number; until: 'answered' | 'mailed' } | { perSecond: number };

/** What became of each notification, in the order of their task IDs. */
export interface Sent {
  /** By `Date.now()`: when it was due, or sent where nothing else makes it due. */
  sentAt: number[];
  /** Milliseconds from then to the answer. */
  answeredMs: number[];
  /** From the first to the last answer. */
  seconds: number;
  /** Answers that had to be asked for again. */
  retried: number;
}

/** Sends one for each ID at this pace. `send` resolves when it is answered, with its retries. */
export async function atPace(
  ids: string[],
  pace: Pace,
  send: (id: string) => Promise<number>,
  mailed: (id: string) => Promise<void>,
): Promise<Sent> {
  const sent: Sent = { sentAt: [], answeredMs: [], retried: 0, seconds: 0 };
  const start = performance.now();

  async function sendOne(index: number, lateMs = 0): Promise<void> {
    const id = ids[index] as string;
    sent.sentAt[index] = Date.now() - lateMs;
    const began = performance.now() - lateMs;
    const retries = await send(id);
    sent.retried += retries;
    sent.answeredMs[index] = performance.now() - began;
  }

  const finish = (): Sent => ({ ...sent, seconds: (performance.now() - start) / 1_000 });

  if ('perSecond' in pace) {
    const began = performance.now();
    const all = ids.map(async (_id, index) => {
      const due = began + (index * 1_000) / pace.perSecond;
      await delay(Math.max(0, due - performance.now()));
      await sendOne(index, Math.max(0, performance.now() - due));
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
