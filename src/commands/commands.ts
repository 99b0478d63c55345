import { loadApiConfig, loadSetupConfig, loadWorkerConfig } from '../config/config';
import { createLogger, type Logger, type LogLevel } from '../telemetry/logger';
import { bulkCancelCommand } from './bulk-cancel';
import { bulkItemsCommand } from './bulk-items';
import { bulkListCommand } from './bulk-list';
import { bulkResendCommand } from './bulk-resend';
import { bulkShowCommand } from './bulk-show';
import type { Command, LoggingCommand } from './command';
import { doctorCommand } from './doctor';
import { listCommand } from './list';
import { previewCommand } from './preview';
import { resendCommand } from './resend';
import { showCommand } from './show';
import { untilShutdown } from './shutdown';
import { watchCommand } from './watch';

/** Every command of `bulk-notify`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    ...{ name: 'setup', usage: '', options: {}, output: 'log' },
    about: 'prepare the database and Temporal; safe to repeat',
    run: logged(loadSetupConfig, async () => (await import('./setup.js')).runSetup),
  },
  {
    ...{ name: 'api', usage: '', options: {}, output: 'log' },
    about: 'serve the webhook and upload endpoints (HTTP_PORT, default 8080)',
    run: logged(
      loadApiConfig,
      stoppable(async () => (await import('./api.js')).runApi),
    ),
  },
  {
    ...{ name: 'worker', usage: '', options: {}, output: 'log' },
    about: 'run workflows and send email (health on HTTP_PORT, default 8081)',
    run: logged(
      loadWorkerConfig,
      stoppable(async () => (await import('./worker.js')).runWorker),
    ),
  },
  showCommand,
  listCommand,
  resendCommand,
  bulkResendCommand,
  bulkShowCommand,
  bulkListCommand,
  bulkItemsCommand,
  bulkCancelCommand,
  previewCommand,
  watchCommand,
  doctorCommand,
];

type RunOnce<C> = (config: C, logger: Logger) => Promise<void>;
type RunProcess<C> = (config: C, logger: Logger, stop: AbortSignal) => Promise<void>;

/** A process loads much that no other command needs, such as Temporal's native module: only when it runs. */
function logged<C extends { logLevel: LogLevel }>(
  load: () => C,
  importRun: () => Promise<RunOnce<C>>,
): LoggingCommand['run'] {
  return async () => {
    const config = load();
    const run = await importRun();
    await run(config, createLogger(config.logLevel));
  };
}

/** Ends in order after a signal, also one that comes while it still loads. */
function stoppable<C>(importRun: () => Promise<RunProcess<C>>): () => Promise<RunOnce<C>> {
  return async () => {
    const stop = untilShutdown();
    const run = await importRun();
    return (config, logger) => run(config, logger, stop);
  };
}
