import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const stopTimeoutMs = 15_000;
const tailLines = 15;

export interface OwnedProcess {
  pid: number;
  isRunning(): boolean;
  /** Resolves when the process has ended; SIGKILL follows a signal that it does not heed. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when its children have ended as well, or after a while. */
  untilGone(): Promise<void>;
  /** Resolves when `probe` does; rejects with the end of the log if that takes too long. */
  untilReady(probe: () => Promise<void>, withinMs: number): Promise<void>;
}

export interface Ownership {
  logFile: string;
  uid?: number;
  gid?: number;
}

export function spawnOwned(command: string, args: string[], ownership: Ownership): OwnedProcess {
  const { logFile, uid, gid } = ownership;
  const log = openSync(logFile, 'w');
  // Its own children inherit the pipe, which closes when the last of them has ended.
  const child = spawn(command, args, { uid, gid, stdio: ['ignore', log, log, 'pipe'] });
  closeSync(log);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  let ending: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const note = (how: string): void => {
      ending ??= how;
      resolve();
    };
    child.once('error', (error) => note(error.message));
    child.once('exit', (code, signal) => note(signal ?? `exit code ${code}`));
  });

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended.finally(() => clearTimeout(timer));
  }

  async function untilGone(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, stopTimeoutMs)));
    await Promise.race([closed, late]).finally(() => clearTimeout(timer));
  }

  async function untilReady(probe: () => Promise<void>, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const failure = await probe().then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      if (ending !== undefined) throw new Error(`${command} ended (${ending})\n${tail(logFile)}`);
      if (failure === undefined) return;
      if (Date.now() > deadline) {
        await end('SIGKILL');
        const waited = `${withinMs / 1000} s`;
        throw new Error(`${command} not ready in ${waited}: ${failure}\n${tail(logFile)}`);
      }
      await delay(25);
    }
  }

  return { pid: child.pid ?? 0, isRunning: () => ending === undefined, end, untilGone, untilReady };
}

function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
}
