import { examineAll, type Examination } from '../../src/doctor/examine';
import type { Finding } from '../../src/doctor/finding';

/** A person waits for the doctor's limit; a test waits for a busy machine. */
const LIMIT_MS = 60_000;

/** The findings of one part, in their order. */
export function examine(examination: Examination): Promise<Finding[]> {
  return examineAll([{ limitMs: LIMIT_MS, ...examination }], new AbortController().signal);
}

/** Those that are not well, each as one line: `warning DKIM: …`. */
export function troubles(findings: Finding[]): string[] {
  return findings
    .filter(({ status }) => status === 'failure' || status === 'warning')
    .map(({ status, check, what }) => `${status} ${check}: ${what}`);
}
