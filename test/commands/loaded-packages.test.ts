import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/run-cli';

const HOOK = join(__dirname, '../support/record-loaded.cjs');
const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
/** Nothing listens there, so that a command does all that it can without an answer. */
const NOWHERE = {
  ADMIN_DATABASE_URL: 'postgres://operator@127.0.0.1:1/ledger',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
};

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'loaded-packages-'))));
afterAll(() => rmSync(directory, { recursive: true }));

async function loadedBy(args: string[]): Promise<string[]> {
  const LOADED_PACKAGES_FILE = join(directory, args.join('-'));
  await runCli(args, { ...NOWHERE, NODE_OPTIONS: `--require=${HOOK}`, LOADED_PACKAGES_FILE });
  return JSON.parse(readFileSync(LOADED_PACKAGES_FILE, 'utf8')) as string[];
}

describe('a command of an operator', () => {
  it.each([
    [['--version']],
    [['show', TASK_ID]],
    [['list']],
    [['watch', TASK_ID]],
    [['bulk', 'resend', '--state', 'parked']],
  ])('loads nothing that only the worker, the listeners or the doctor need: %j', async (args) => {
    const loaded = await loadedBy(args);

    expect(loaded).toContain('zod');
    const heavy =
      /^@temporalio\/(?:worker|core-bridge)$|^(?:koa|preact|zod-openapi|mailauth|undici)$/;
    expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
  });
});
