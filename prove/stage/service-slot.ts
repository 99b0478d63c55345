import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceProcess, startService } from '../../sandbox/service/service-process';

export interface ServiceSlot {
  name: string;
  /** Undefined while it does not run. */
  current: () => ServiceProcess | undefined;
  /** Rejects when the first start fails; later ones go on until they succeed. */
  start: () => Promise<void>;
  /** Ends the process and leaves the slot empty. */
  stop: (signal: NodeJS.Signals) => Promise<void>;
  /** For good, whatever is under way. */
  close: () => Promise<void>;
}

interface SlotOptions {
  name: string;
  command: 'api' | 'worker';
  environment: Record<string, string>;
  /** A process that ended without being told to. */
  onExit: (name: string, code: number | undefined, lastWords: string) => void;
}

const RESTART_AFTER_MS = 500;
/** As long as a supervisor waits for an orderly end. */
const PATIENCE_MS = 30_000;

/** One process of the service and its supervisor, which starts it again when it ends by itself. */
export function createServiceSlot({
  name,
  command,
  environment,
  onExit,
}: SlotOptions): ServiceSlot {
  let current: ServiceProcess | undefined;
  let wanted = false;
  let hasRun = false;

  async function start(): Promise<void> {
    wanted = true;
    while (wanted && !current) {
      const started = await startService(command, environment).catch((error: unknown) => {
        if (!hasRun) throw error;
        onExit(name, undefined, (error as Error).message);
        return undefined;
      });
      if (started) supervise(started);
      else await delay(RESTART_AFTER_MS);
    }
  }

  function supervise(started: ServiceProcess): void {
    hasRun = true;
    current = started;
    void started.exited.then(async (code) => {
      if (current !== started) return;
      current = undefined;
      if (!wanted) return;
      onExit(name, code, JSON.stringify(started.lines.at(-1)));
      await start();
    });
    if (!wanted) void started.stop('SIGKILL');
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    wanted = false;
    const stopping = current;
    const impatience = setTimeout(() => void stopping?.stop('SIGKILL'), PATIENCE_MS);
    await stopping?.stop(signal).finally(() => clearTimeout(impatience));
    clearTimeout(impatience);
    current = undefined;
  }

  return { name, current: () => current, start, stop, close: () => stop('SIGKILL') };
}
