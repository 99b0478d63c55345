import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a file that only this user can use and that is removed when the process exits. */
export function scratchFile(name: string, content: string | Buffer, mode = 0o600): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulk-notify-demo-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, name);
  writeFileSync(file, content, { mode });
  return file;
}
