#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseWorkflowId } from '../workflows/core/workflow-id';
import { runApi } from './commands/api';
import { runResend } from './commands/resend';
import { runSetup } from './commands/setup';
import { runWatch } from './commands/watch';
import { runWorker } from './commands/worker';
import {
  loadApiConfig,
  loadOperatorConfig,
  loadSetupConfig,
  loadWorkerConfig,
} from './config/config';
import { ConfigurationError } from './config/environment-reader';
import { createLogger, type Logger, type LogLevel } from './telemetry/logger';
import { uuid } from './parse/scalars';
import { untilShutdown } from './commands/shutdown';

const USAGE = `Usage: bulk-notify <command>

One mail when a bulk upload has been verified.

Commands:
  setup    prepare the database, the Temporal namespace and the sweep; safe to repeat
  api      serve the webhook endpoint (HTTP_PORT, default 8080)
  worker   run workflows and send mail (health on HTTP_PORT, default 8081)
  resend TASK_ID completed|failed
           ask for the mail of an upload (again), whatever became of it before
  watch TASK_ID
           look after an upload that was made elsewhere, in case its webhook never comes

Options:
  --by NAME, --reason TEXT    for the ledger: who asked for a resend, and why
  --request-id ID             the same ID twice is one resend
  -h, --help                  show this text
  -v, --version               show the version

Everything is configured by environment variables: see README.md.
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
`;

const OPTIONS = {
  by: { type: 'string' },
  reason: { type: 'string' },
  'request-id': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

type Arguments = NonNullable<ReturnType<typeof parseArguments>>;

type Run<C> = (config: C, logger: Logger, stop: AbortSignal) => Promise<void>;

const COMMANDS = new Map<string, () => Promise<number>>([
  ['setup', () => execute(loadSetupConfig(), runSetup)],
  ['api', () => execute(loadApiConfig(), runApi)],
  ['worker', () => execute(loadWorkerConfig(), runWorker)],
]);

async function main(args: string[]): Promise<number> {
  const parsed = parseArguments(args);
  if (parsed?.values.help) return print(USAGE);
  if (parsed?.values.version) return print(`${version()}\n`);
  const run = parsed && selectCommand(parsed);
  if (!run) return refuse(USAGE);
  try {
    return await run();
  } catch (err) {
    if (err instanceof ConfigurationError) return refuse(`${err.message}\n`);
    throw err;
  }
}

function selectCommand({ positionals, values }: Arguments): (() => Promise<number>) | undefined {
  const [name = '', ...rest] = positionals;
  if (name === 'resend') return selectResend(rest, values);
  if (Object.keys(values).length > 0) return undefined;
  if (name === 'watch') return selectWatch(rest);
  return rest.length === 0 ? COMMANDS.get(name) : undefined;
}

function selectResend(names: string[], values: Arguments['values']) {
  const [taskId = '', outcome = ''] = names;
  const notification = parseWorkflowId(
    `bulk_upload_notification:${taskId.toLowerCase()}:${outcome}`,
  );
  if (!notification || names.length !== 2) return undefined;
  const { by: requestedBy, reason, 'request-id': requestId } = values;
  const resend = { ...notification, requestedBy, reason, requestId };
  return () => execute(loadOperatorConfig(), (config, logger) => runResend(config, logger, resend));
}

function selectWatch(names: string[]) {
  const taskId = uuid.parse(names[0]);
  if (!taskId || names.length !== 1) return undefined;
  return () => execute(loadOperatorConfig(), (config, logger) => runWatch(config, logger, taskId));
}

async function execute<C extends { logLevel: LogLevel }>(config: C, run: Run<C>): Promise<number> {
  const logger = createLogger(config.logLevel);
  try {
    await run(config, logger, untilShutdown());
    return 0;
  } catch (err) {
    logger.fatal({ err }, 'process.failed');
    return 1;
  }
}

function parseArguments(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch {
    return undefined;
  }
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(text: string): number {
  process.stderr.write(text);
  return 2;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
