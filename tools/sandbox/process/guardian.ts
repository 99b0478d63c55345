// The child process that owns a real part, so that the part never outlives whoever started it:
// however that one ends, its IPC channel closes, and the guardian clears away.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnedProcess } from './owned-process';

export type Call = 'start' | 'stop' | 'kill';
export type Answer<Running> = { running: Running | undefined } | { failed: string };

export interface Part<Running> {
  /** Each start after the first is on the same ports, with the same data. */
  start(): Promise<Running>;
  process(): OwnedProcess | undefined;
  /** How it is asked to end in good order, and how when its data is not wanted any more. */
  signals: { stop: NodeJS.Signals; discard: NodeJS.Signals };
}

export function guard<Options, Running>(
  name: string,
  createPart: (directory: string, options: Options) => Part<Running>,
): void {
  const directory = mkdtempSync(join(tmpdir(), `bulk-notify-${name}-`));
  // The part may run as another user, which must be able to reach its own files.
  chmodSync(directory, 0o711);
  const part = createPart(directory, JSON.parse(process.argv[2] ?? '{}') as Options);
  const isRunning = (): boolean => part.process()?.isRunning() ?? false;
  const end = async (signal: NodeJS.Signals): Promise<undefined> => {
    await part.process()?.end(signal);
  };
  let running: Running;
  const calls = {
    start: async () => (isRunning() ? running : (running = await part.start())),
    stop: () => end(part.signals.stop),
    kill: () => end('SIGKILL'),
  };
  let last = Promise.resolve();
  const answer = (call: Call): void => {
    last = last.then(calls[call]).then(
      (result) => send({ running: result }),
      (error: unknown) => send({ failed: (error as Error).message }),
    );
  };

  const leave = async (): Promise<void> => {
    await end(part.signals.discard);
    // A start under way that had no process yet goes on: cut short, it would leave things behind.
    await last;
    await end(part.signals.discard);
    process.exit();
  };

  process.on('exit', () => {
    // Only a fault of the guardian itself gets here with the part still running.
    void end('SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  });
  process.on('SIGTERM', () => void leave());
  // Ctrl-C is for the process that started it, which decides what stops when.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  process.on('disconnect', () => void leave());
  process.on('message', (call: Call) => answer(call));
  answer('start');
  if (!process.connected) void leave();
}

function send(answer: Answer<unknown>): void {
  if (process.connected) process.send?.(answer);
}
