import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Text {
  path: string;
  code: string;
  /** With type information, which is slower and needs a path that exists. */
  typed?: boolean;
}
export interface Found {
  rule: string;
  message: string;
}

/** The messages of ESLint, under our configuration, for each text as if it stood at its path. */
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
