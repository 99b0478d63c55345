import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proof } from '../run-proof';

const PROVE = join(__dirname, '../../../dist/tools/prove/prove.js');
/** The parts end with the process. */
const TIMEOUT_MS = 14 * 60_000;

/** Runs `npm run prove -- …` under one policy. */
export async function runProve(
  args: string,
): Promise<{ code: number | null; output: string; proof: Proof | undefined }> {
  const directory = mkdtempSync(join(tmpdir(), 'bulk-notify-prove-'));
  const json = join(directory, 'proof.json');
  try {
    const command = [PROVE, ...args.split(' '), '--json', json];
    const { code, output } = await run(command);
    // Other exit codes leave no report; the output has the reason.
    const report = code === 0 || code === 1 ? readFileSync(json, 'utf8') : '[]';
    const [proof] = JSON.parse(report) as Proof[];
    return { code, output, proof };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(command: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 };
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}
