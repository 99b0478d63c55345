import { examineAll, type Examination } from '../../src/doctor/examine';
import type { Finding } from '../../src/doctor/finding';

/** The findings of one part, in their order. */
export function examine(examination: Examination): Promise<Finding[]> {
  return examineAll([examination], new AbortController().signal);
}

/** Those that are not well, each as one line: `warning DKIM: …`. */
export function troubles(findings: Finding[]): string[] {
  return findings
    .filter(({ status }) => status === 'failure' || status === 'warning')
    .map(({ status, check, what }) => `${status} ${check}: ${what}`);
}
