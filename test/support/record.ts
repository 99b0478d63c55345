import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Of one source: more than any test needs. */
const RECORD_MAX_BYTES = 32 * 2 ** 20;

const revealed = new AsyncLocalStorage<string>();

/**
 * Makes a call that has to show a planted value, for the reason given: the processes that it starts
 * and the answers that it gets leave no record.
 */
export function revealing<T>(reason: string, call: () => T): T {
  return revealed.run(reason, call);
}

/**
 * Takes what one source says during the tests of a file, into a file that is scanned for planted
 * values when all tests have run. What comes in chunks has a name of its own, so that no value is torn.
 */
export function openRecord(name: string): (text: string | Buffer) => void {
  const records = process.env.TEST_RECORDS;
  if (!records || revealed.getStore()) return () => undefined;
  const { testPath = '' } = expect.getState();
  const folder = join(records, relative(ROOT, testPath));
  let length = 0;
  return (text) => {
    if (length === 0) mkdirSync(folder, { recursive: true });
    length += text.length;
    if (length <= RECORD_MAX_BYTES) appendFileSync(join(folder, name), text);
  };
}
