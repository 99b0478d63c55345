import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ParentProcess {
  child: ChildProcess;
  /** What it prints next. */
  printed(): Promise<string>;
  /** Its exit code, when it and the guardians of its parts, which share its stderr, are gone. */
  gone(): Promise<number | null>;
}

/** A process that starts parts of the sandbox, compiled, with their files in `directory`. */
export function startParent(script: string, directory: string): ParentProcess {
  const child = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return {
    child,
    async printed() {
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
      return chunk.toString();
    },
    async gone() {
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    },
  };
}
