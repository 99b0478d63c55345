import { describeStepFailure, stepFailureOf } from '../../workflows/core/step-failure';
import { visible } from './visible';

/** What failed and what to do about it, on one line without addresses, for stderr. */
export function describeFailure(err: unknown): string {
  const failure = stepFailureOf(err);
  const { cause } = Object(err) as Partial<Error>;
  const text = describeStepFailure(failure);
  return visible(cause === undefined ? text : `${text} (${stepFailureOf(cause).message})`);
}
