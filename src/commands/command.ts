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
  /** At least those that `usage` requires, at most all that it names. */
  positionals: string[];
  values: ReturnType<typeof parseArgs<{ options: O }>>['values'];
}

/** What a command found or did. It is printed on stdout. */
export interface Report {
  /** For people. */
  text: string;
  /** For scripts: one line of JSON with `--json`, its names in snake_case. */
  data: object;
  /** What a person may do next, on stderr; never with `--json`. */
  hint?: string;
  /** 1: not found, or not what was asked for. */
  exitCode?: 0 | 1;
}

/** Bytes that are written as they are. */
export interface RawOutput {
  raw: Uint8Array;
}

interface CommandBase<O extends Options> {
  /** One word or several: `bulk resend`. */
  name: string;
  /** The positional arguments, optional ones in brackets: `TASK_ID [completed|failed]`. */
  usage: string;
  about: string;
  options: O;
}

/** Writes its log until it is done. */
export interface LoggingCommand<O extends Options = Options> extends CommandBase<O> {
  output: 'log';
  run(args: Arguments<O>): Promise<void>;
}

/** Throws a UsageError for a wrong argument. */
export interface ReportingCommand<O extends Options = Options> extends CommandBase<O> {
  output: 'report';
  run(args: Arguments<O>): Promise<Report | RawOutput>;
}

export type Command = LoggingCommand | ReportingCommand;

export class UsageError extends Error {}

/** Infers the types of the option values. */
export function defineCommand<const O extends Options>(
  command: Omit<ReportingCommand<O>, 'output'>,
): ReportingCommand<O> {
  return { ...command, output: 'report' };
}
