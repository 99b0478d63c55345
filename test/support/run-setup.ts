import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { LogLine } from './captured-logger';
import { suite } from './suite';

const CLI = join(__dirname, '../../dist/src/cli.js');

/** Runs `bulk-notify setup`, and returns its exit code and log. */
export async function runSetupProcess(environment: Record<string, string>) {
  const env = { TEMPORAL_ADDRESS: suite().temporal.address, ...environment };
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, [CLI, 'setup'], { env, timeout: 60_000 }, (err, stdout, stderr) =>
      resolve({ code: err ? Number(err.code ?? -1) : 0, text: stdout + stderr }),
    );
  });
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
  return { code, lines, events: lines.map(({ event }) => event), text };
}
