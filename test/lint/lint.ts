import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Text {
  path: string;
  code: string;
  /** With type information, which needs a path that exists; slower. */
  typed?: boolean;
}
export interface Found {
  rule: string;
  message: string;
}

/** What ESLint with our configuration says of each text, had it stood at its path. */
export function lint(texts: Text[]): Promise<Found[][]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(__dirname, 'lint-texts.mjs')],
      { maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr || error.message, { cause: error }));
        else resolve(JSON.parse(stdout) as Found[][]);
      },
    );
    child.stdin?.end(JSON.stringify(texts));
  });
}
