import type { parseArgs } from 'node:util';

interface Option {
  type: 'string' | 'boolean';
  short?: string;
  /** The value as the help calls it, such as `NAME`. */
  value?: string;
  about: string;
}

export type Options = Record<string, Option>;

export interface Arguments<O extends Options = Options> {
  /** As many as `usage` names. */
  positionals: string[];
  values: ReturnType<typeof parseArgs<{ options: O }>>['values'];
}

/** Text is printed as it is, data as one line of JSON. */
export type Output = string | object | undefined;

export interface Command<O extends Options = Options> {
  name: string;
  /** The positional arguments, all of them required: `TASK_ID completed|failed`. */
  usage: string;
  about: string;
  options: O;
  /** Throws a UsageError for a wrong argument. A long-running command ends when `stop` aborts. */
  run(args: Arguments<O>, stop: AbortSignal): Promise<Output>;
}

export class UsageError extends Error {}

/** Infers the types of the option values. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}
