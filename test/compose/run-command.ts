import { spawn } from 'node:child_process';

export interface CommandResult {
  code: number;
  /** What it wrote to standard output and standard error. */
  output: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end, whatever its exit code is. */
export function tryCommand(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

/** Rejects with the end of the output unless the command ends with 0. */
export async function runCommand(
  command: string,
  args: string[],
  options?: CommandOptions,
): Promise<string> {
  const { code, output } = await tryCommand(command, args, options);
  if (code === 0) return output;
  const call = [command, ...args].join(' ').slice(0, 300);
  throw new Error(`${call} ended with ${code}: ${output.slice(-2_000)}`);
}
