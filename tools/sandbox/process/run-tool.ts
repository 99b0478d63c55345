import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Progress } from './progress';

const keptOutput = 2_000;

export interface Run {
  env: NodeJS.ProcessEnv;
  progress: Progress;
  /** For progress lines: what is being done, and how long that usually takes. */
  doing: string;
  usually: string;
}

/** Runs a command to its end and rejects with the last of what it wrote. */
export async function runTool(command: string, args: string[], run: Run): Promise<void> {
  const started = Date.now();
  const ticking = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    run.progress(`${run.doing}: ${seconds} s (${run.usually})`);
  }, 10_000);
  try {
    await toItsEnd(command, args, run.env);
  } finally {
    clearInterval(ticking);
  }
}

function toItsEnd(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-keptOutput);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const ended = signal ?? `exit code ${code}`;
      reject(new Error(`${basename(command)} ended with ${ended}: ${output.trim()}`));
    });
  });
}
