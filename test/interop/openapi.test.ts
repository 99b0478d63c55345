import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { pythonProgram } from './support/program';

const ADMIN_API_TOKEN = 'an-operators-token-of-32-letters';
const TIMEOUT_MS = 300_000;

let surroundings: Surroundings;
let api: ServiceProcess;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openapi-test-'));
  surroundings = await startSurroundings();
  // Without a worker, nothing that is requested is mailed, not even to the relay of the test.
  api = await surroundings.start('api', { ADMIN_API_TOKEN });
});
afterAll(async () => {
  await surroundings.close();
  rmSync(directory, { recursive: true });
});

/** The exit code, and what was printed if that is not 0. */
function run(name: string, args: string[]): Promise<{ code: number; output?: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, maxBuffer: 2 ** 26, timeout: TIMEOUT_MS };
    execFile(pythonProgram(name), args, options, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0 });
      else resolve({ code: Number(error.code ?? -1), output: `${stdout}\n${stderr}` });
    });
  });
}

describe('/openapi.json', () => {
  it('is valid for openapi-spec-validator', async () => {
    const response = await fetch(`http://127.0.0.1:${api.adminPort}/openapi.json`);
    writeFileSync(join(directory, 'openapi.json'), await response.text());

    expect(await run('openapi-spec-validator', ['openapi.json'])).toEqual({ code: 0 });
  });

  it(
    'says what the admin listener answers, to every request of schemathesis',
    async () => {
      const base = `http://127.0.0.1:${api.adminPort}`;

      const result = await run('st', [
        ...['run', `${base}/openapi.json`, '--url', base, '--no-color'],
        ...['--header', `Authorization: Bearer ${ADMIN_API_TOKEN}`],
        ...['--include-path-regex', '^/(api/admin|healthz|readyz|metrics|openapi)'],
        // Threads that parse Python at once break CPython 3.11: one worker.
        ...['--phases', 'coverage', '--seed', '1', '--workers', '1', '--request-timeout', '20'],
      ]);

      expect(result).toEqual({ code: 0 });
    },
    TIMEOUT_MS,
  );
});
