#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Arguments,
  type Command,
  type Options,
  type RawOutput,
  type Report,
  UsageError,
} from './commands/command';
import { COMMANDS } from './commands/commands';
import { commandHelp, generalHelp, optionsOf } from './commands/help';
import { ConfigurationError } from './config/environment-reader';
import { renderJson } from './operator/render-json';
import { createLogger } from './telemetry/logger';
import { describeFailure } from './terminal/describe-failure';
import { visible, visibleJson } from './terminal/visible';

const HELP = { help: { type: 'boolean', short: 'h', about: 'show this text' } } satisfies Options;

async function main(args: string[]): Promise<number> {
  const [first] = args;
  if (first === '--version' || first === '-v') return print(`${version()}\n`);
  if (first === '--help' || first === '-h') return print(generalHelp(COMMANDS));
  if (first === 'help') return help(args.slice(1));
  const command = findCommand(args);
  if (command) return execute(command, args.slice(wordsOf(command).length));
  return refuse(
    first === undefined ? 'A command is missing' : unknownCommand(args),
    generalHelp(COMMANDS),
  );
}

function help(name: string[]): number {
  if (name.length === 0) return print(generalHelp(COMMANDS));
  const command = COMMANDS.find((it) => it.name === name.join(' '));
  return command
    ? print(commandHelp(command))
    : refuse(unknownCommand(name), generalHelp(COMMANDS));
}

const wordsOf = ({ name }: Command) => name.split(' ');

/** The command whose words the arguments begin with. */
function findCommand(args: string[]): Command | undefined {
  return COMMANDS.find((command) => wordsOf(command).every((word, at) => args[at] === word));
}

/** Names the second word, too, if the first one begins a command. */
function unknownCommand([first = '', second]: string[]): string {
  const begins = COMMANDS.some(({ name }) => name.startsWith(`${first} `));
  return `Unknown command: ${[first, ...(begins && second ? [second] : [])].join(' ')}`;
}

async function execute(command: Command, args: string[]): Promise<number> {
  try {
    const { help: wantsHelp, json, ...parsed } = parse(command, args);
    if (wantsHelp) return print(commandHelp(command));
    if (command.output === 'log') {
      await command.run(parsed);
      return 0;
    }
    return printReport(await command.run(parsed), json);
  } catch (err) {
    if (err instanceof UsageError) return refuse(err.message, commandHelp(command));
    if (err instanceof ConfigurationError) return refuse(err.message);
    if (command.output === 'report') return fail(err);
    createLogger('critical').fatal({ err }, 'process.failed');
    return 1;
  }
}

/** Throws a UsageError for an unknown option and for too few or too many arguments. */
function parse(command: Command, args: string[]): Arguments & { help: boolean; json: boolean } {
  const { name, usage } = command;
  const { positionals, values } = parseOptions(args, { ...optionsOf(command), ...HELP });
  const { help, json, ...rest } = values;
  const words = usage.split(' ').filter(Boolean);
  const required = words.filter((word) => !word.startsWith('['));
  const fits = positionals.length >= required.length && positionals.length <= words.length;
  if (!help && !fits) throw new UsageError(`${name} takes ${usage || 'no arguments'}`);
  return { positionals, values: rest, help: help === true, json: json === true };
}

function parseOptions(args: string[], options: Options): Arguments {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (err) {
    const [sentence] = (err as Error).message.split('. ');
    throw new UsageError(sentence);
  }
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function printReport(output: Report | RawOutput, json: boolean): number {
  if ('raw' in output) return print(output.raw);
  const { text, data, hint, exitCode = 0 } = output;
  print(json ? `${visibleJson(renderJson(data))}\n` : `${text}\n`);
  if (hint && !json) process.stderr.write(`\n${hint}\n`);
  return exitCode;
}

function print(output: string | Uint8Array): number {
  process.stdout.write(output);
  return 0;
}

function refuse(fault: string, usage?: string): number {
  const shown = fault.split('\n').map(visible).join('\n');
  process.stderr.write(usage ? `${shown}\n\n${usage}` : `${shown}\n`);
  return 2;
}

function fail(err: unknown): number {
  process.stderr.write(`${describeFailure(err)}\n`);
  return 1;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
