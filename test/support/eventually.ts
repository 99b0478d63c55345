import { setImmediate as turn } from 'node:timers/promises';

/** Polls on each turn of the event loop, up to the time limit of the test. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await turn();
}
