import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceProcess, startService } from '../../sandbox/service/service-process';

export interface ServiceSlot {
  name: string;
  /** Undefined while no process runs. */
  current: () => ServiceProcess | undefined;
  /** Rejects when the first start fails; later starts are repeated until one succeeds. */
  start: () => Promise<void>;
  /** Ends the process and leaves the slot empty. */
  stop: (signal: NodeJS.Signals) => Promise<void>;
  /** Ends the slot. A process that is just starting ends with this process. */
  close: () => Promise<void>;
}

interface SlotOptions {
  name: string;
  command: 'api' | 'worker';
  environment: Record<string, string>;
  /** Called when a process ends without having been stopped. */
  onExit: (name: string, code: number | undefined, lastWords: string) => void;
}

const RESTART_AFTER_MS = 500;
/** SIGKILL follows another signal after this time. */
const STOP_TIMEOUT_MS = 30_000;

/** A process of the service with a supervisor that restarts it when it ends by itself. */
export function createServiceSlot({
  name,
  command,
  environment,
  onExit,
}: SlotOptions): ServiceSlot {
  let current: ServiceProcess | undefined;
  let wanted = false;
  let hasRun = false;
  let starting: Promise<void> | undefined;

  function start(): Promise<void> {
    wanted = true;
    return (starting ??= untilStarted().finally(() => (starting = undefined)));
  }

  async function untilStarted(): Promise<void> {
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
      current = undefined;
      if (!wanted) return;
      onExit(name, code, JSON.stringify(started.lines.at(-1)));
      await start();
    });
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    wanted = false;
    await starting;
    const stopping = current;
    const killTimer = setTimeout(() => void stopping?.stop('SIGKILL'), STOP_TIMEOUT_MS);
    await stopping?.stop(signal);
    clearTimeout(killTimer);
  }

  async function close(): Promise<void> {
    wanted = false;
    await current?.stop('SIGKILL');
  }

  return { name, current: () => current, start, stop, close };
}
