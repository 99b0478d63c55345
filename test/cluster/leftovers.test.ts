import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descendants } from '../support/descendants';
import { isAlive } from '../support/is-alive';
import { startParent } from '../support/parent-process';
import { until } from '../../tools/sandbox/until';

const start = `require('${join(__dirname, '../../dist/tools/sandbox/cluster/cluster.js')}').startCluster()`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cluster-test-'));
  // As root, Postgres runs as another user there.
  chmodSync(directory, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('startCluster leaves no process and no file', () => {
  it('when it is closed', async () => {
    const parent = startParent(
      `${start}.then(async (cluster) => {
        process.once('SIGUSR2', () => void cluster.close());
        const waiting = setInterval(() => undefined, 1000);
        process.once('SIGUSR2', () => clearInterval(waiting));
        console.log('up');
      })`,
      directory,
    );
    await parent.printed();
    const processes = descendants(parent.child.pid!);

    parent.child.kill('SIGUSR2');
    const code = await parent.gone();

    expect(code).toBe(0);
    // Server, UI, Postgres with its backends, and the guardian of each.
    expect(processes.length).toBeGreaterThan(6);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('when its parent is killed with -9', async () => {
    const parent = startParent(
      `${start}.then(() => {
        console.log('up');
        setInterval(() => undefined, 1000);
      })`,
      directory,
    );
    await parent.printed();
    const processes = descendants(parent.child.pid!);

    parent.child.kill('SIGKILL');
    await parent.gone();

    expect(processes.length).toBeGreaterThan(6);
    await until('all of them are gone', () => !processes.some(isAlive));
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['its schema is made', 'postgres'],
    ['the server starts', 'temporal-server'],
  ])('when its parent is killed while %s', async (_, part) => {
    const parent = startParent(start, directory);
    await until('that has begun', () => readdirSync(directory).some((it) => it.includes(part)));
    const processes = descendants(parent.child.pid!);

    parent.child.kill('SIGKILL');
    await parent.gone();

    await until('all of them are gone', () => !processes.some(isAlive));
    expect(readdirSync(directory)).toEqual([]);
  });
});
