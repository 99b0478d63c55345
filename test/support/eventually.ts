import { setImmediate as turn } from 'node:timers/promises';

/** Looks again with each turn of the event loop until it holds; the test's time limit is the end. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await turn();
}
