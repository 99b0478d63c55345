import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

export interface Ended {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** The built command, with an environment that holds nothing but what is given. */
export function runCli(
  args: string[],
  environment: Record<string, string | undefined> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'dist/src/cli.js'), ...args],
      { env: environment, cwd: __dirname },
      (err, stdout, stderr) => resolve({ code: err ? err.code : 0, stdout, stderr }),
    );
  });
}
