import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds; rejects after `timeout` milliseconds with what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeout = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await delay(25);
  }
}
