import { maskAddresses } from './mask-addresses';
import type { Part } from '../../activities/failures/remedies';

/** Why a step failed and may yet succeed. It stays in the history: no address and no secret. */
export interface StepFailure {
  type: string;
  message: string;
  /** The part to wait for, if one is known. */
  part?: Part;
  remedy?: string;
}

const TYPE_MAX_CHARS = 64;
const MESSAGE_MAX_CHARS = 500;
/** So much more is read that an address at the cut is still seen as one. */
const ADDRESS_MAX_CHARS = 500;

/** What happened and what to do, as a person reads it under the pending activity. */
export function describeStepFailure({ message, remedy }: StepFailure): string {
  return remedy ? `${message}. Remedy: ${remedy}` : message;
}

/** The trouble behind what a step threw: a `transient` failure carries it, a timeout has none. */
export function stepFailureOf(err: unknown): StepFailure {
  const { details, type, name, message } = Object(err) as Partial<Error> & {
    details?: [StepFailure?];
    type?: string;
  };
  const carried = details?.[0];
  if (carried?.message !== undefined) return carried;
  return {
    type: String(type ?? name ?? 'Error').slice(0, TYPE_MAX_CHARS),
    message: capMessage(String(message ?? err)),
  };
}

/** Without addresses, and well-formed, or Temporal could not decode the failure that it becomes. */
export function capMessage(message: string): string {
  return maskAddresses(message.slice(0, MESSAGE_MAX_CHARS + ADDRESS_MAX_CHARS))
    .slice(0, MESSAGE_MAX_CHARS)
    .toWellFormed();
}
