import { ApplicationFailure } from '@temporalio/activity';
import { type Part, remedyFor } from './remedies';
import {
  capMessage,
  describeStepFailure,
  type StepFailure,
} from '../../workflows/core/step-failure';

interface Circumstances {
  part?: Part;
  /** What `remedyFor` knows the failure by: a reply code, an SQLSTATE, a system error. */
  code?: string;
  nextRetryDelayMs?: number;
}

/**
 * A failure that another attempt may cure: Temporal retries the activity, after `nextRetryDelayMs`
 * or by the activity's retry policy. The message is shown in the UI and stays in the history: no
 * address and no secret in it.
 */
export function transient(
  type: string,
  message: string,
  { part, code, nextRetryDelayMs }: Circumstances = {},
): ApplicationFailure {
  const remedy = part && remedyFor(part, code);
  return toFailure({ type, message: capMessage(message), part, remedy }, nextRetryDelayMs);
}

/** The failure of a trouble: its text for people, its value for the workflow. */
export function toFailure(trouble: StepFailure, nextRetryDelayMs?: number): ApplicationFailure {
  const { type, message, part, remedy } = trouble;
  return ApplicationFailure.create({
    type,
    message: describeStepFailure(trouble),
    details: [{ type, message, part, remedy } satisfies StepFailure],
    ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelay: nextRetryDelayMs }),
  });
}
