#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Arguments,
  type Command,
  type Options,
  type Output,
  UsageError,
} from './commands/command';
import { COMMANDS } from './commands/commands';
import { commandHelp, generalHelp } from './commands/help';
import { untilShutdown } from './commands/shutdown';
import { ConfigurationError } from './config/environment-reader';
import { createLogger } from './telemetry/logger';

const HELP: Options = { help: { type: 'boolean', short: 'h', about: 'show this text' } };

async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(version());
  if (name === '--help' || name === '-h') return print(generalHelp(COMMANDS));
  if (name === 'help') return help(args);
  const command = COMMANDS.find((it) => it.name === name);
  if (command) return execute(command, args);
  return refuse(name ? `Unknown command: ${name}` : 'A command is missing', generalHelp(COMMANDS));
}

function help([name, ...rest]: string[]): number {
  if (name === undefined) return print(generalHelp(COMMANDS));
  const command = COMMANDS.find((it) => it.name === name);
  if (command && rest.length === 0) return print(commandHelp(command));
  return refuse(`Unknown command: ${name}`, generalHelp(COMMANDS));
}

async function execute(command: Command, args: string[]): Promise<number> {
  try {
    const { help: wantsHelp, ...parsed } = parse(command, args);
    if (wantsHelp) return print(commandHelp(command));
    return print(await command.run(parsed, untilShutdown()));
  } catch (err) {
    if (err instanceof UsageError) return refuse(err.message, commandHelp(command));
    if (err instanceof ConfigurationError) return refuse(err.message);
    createLogger('critical').fatal({ err }, 'process.failed');
    return 1;
  }
}

/** Throws a UsageError for an unknown option and for too few or too many arguments. */
function parse({ name, usage, options }: Command, args: string[]): Arguments & { help: boolean } {
  const { positionals, values } = parseOptions(args, { ...options, ...HELP });
  const { help, ...rest } = values;
  const expected = usage.split(' ').filter(Boolean).length;
  if (!help && positionals.length !== expected) {
    throw new UsageError(`${name} takes ${usage || 'no arguments'}`);
  }
  return { positionals, values: rest, help: help === true };
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

function print(output: Output): number {
  const text = typeof output === 'object' ? JSON.stringify(output) : output;
  if (text) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return 0;
}

function refuse(fault: string, usage?: string): number {
  process.stderr.write(usage ? `${fault}\n\n${usage}` : `${fault}\n`);
  return 2;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
