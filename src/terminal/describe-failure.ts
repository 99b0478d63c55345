import { describeStepFailure, stepFailureOf } from '../../workflows/core/step-failure';
import { visible } from './visible';

/** What failed, why, and what to do about it, on one line without addresses, for stderr. */
export function describeFailure(err: unknown): string {
  const text = describeStepFailure(stepFailureOf(err));
  const causes = causesOf(err).map((cause) => stepFailureOf(cause).message);
  return visible(causes.length > 0 ? `${text} (${causes.join(': ')})` : text);
}

function causesOf(err: unknown): unknown[] {
  const { cause } = Object(err) as Partial<Error>;
  return cause === undefined ? [] : [cause, ...causesOf(cause)];
}
