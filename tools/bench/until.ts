import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE = 1_800_000;

/** Asks again and again until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>, pause = 20): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE / 1000} s: ${what}`);
    await delay(pause);
  }
}
