import type { Part } from './remedies';

/** Why a step failed and may yet succeed. It stays in the history: no address and no secret. */
export interface Trouble {
  type: string;
  message: string;
  /** The part to wait for, if one is known. */
  part?: Part;
  remedy?: string;
}

const MESSAGE_MAX_CHARS = 500;

/** What happened and what to do, as a person reads it under the pending activity. */
export function describeTrouble({ message, remedy }: Trouble): string {
  return remedy ? `${message}. Remedy: ${remedy}` : message;
}

/** The trouble behind what a step threw: a `transient` failure carries it, a timeout has none. */
export function troubleOf(err: unknown): Trouble {
  const { details, type, name, message } = Object(err) as Partial<Error> & {
    details?: [Trouble?];
    type?: string;
  };
  const carried = details?.[0];
  if (carried?.message !== undefined) return carried;
  return { type: type ?? name ?? 'Error', message: capMessage(message ?? String(err)) };
}

/** Well-formed, or Temporal could not decode the failure that it becomes. */
export function capMessage(message: string): string {
  return message.slice(0, MESSAGE_MAX_CHARS).toWellFormed();
}
