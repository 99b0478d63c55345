/** How the upload ended. */
export type Outcome = 'completed' | 'failed';

export function isOutcome(value: unknown): value is Outcome {
  return value === 'completed' || value === 'failed';
}
