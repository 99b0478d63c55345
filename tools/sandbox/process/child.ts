import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './guardian';
import { hasEnded, nextAnswer } from './next-answer';

export interface Controls {
  /** Ends the part in good order and keeps its data. */
  stop(): Promise<void>;
  /** Ends it as a crash does: SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same ports and with the same data. */
  start(): Promise<void>;
  /** Ends it for good and removes its data. */
  close(): Promise<void>;
}

export interface Child<Running> {
  running(): Running;
  controls: Controls;
}

/**
 * Starts a real part behind its guardian (sandbox/process/guardian.ts). The part does not keep this process
 * alive, and does not outlive it.
 */
export async function startChild<Running>(
  guardian: string,
  options: object = {},
): Promise<Child<Running>> {
  const child = fork(compiled(guardian), [JSON.stringify(options)], {
    // In a session of its own, a Ctrl-C in the terminal does not reach it.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  let last: Promise<Running | undefined> = nextAnswer<Running>(child);
  const call = async (name: Call): Promise<Running | undefined> => {
    last = last
      .catch(() => undefined)
      .then(() => {
        const answer = nextAnswer<Running>(child);
        child.send(name, () => undefined);
        return answer;
      });
    return last;
  };
  const close = async (): Promise<void> => {
    if (hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.ref();
    if (child.connected) child.disconnect();
    await gone;
  };

  let running = await last.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    running: () => running as Running,
    controls: {
      stop: async () => void (await call('stop')),
      kill: async () => void (await call('kill')),
      start: async () => {
        running = await call('start');
      },
      close,
    },
  };
}

/** Tests run from the sources, but a guardian is a process of its own and runs compiled. */
function compiled(guardian: string): string {
  const root = __filename.endsWith('.ts') ? '../../../dist/tools/sandbox' : '..';
  const script = join(__dirname, root, `${guardian}.js`);
  if (existsSync(script)) return script;
  throw new Error(`${script} is missing: run \`npm run build\` first`);
}
