import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../../test/support/is-alive';
import { startParent } from '../../../test/support/parent-process';

const sandbox = join(__dirname, '../../../dist/tools/sandbox');
const start = {
  postgres: `require('${sandbox}/postgres/postgres.js').startPostgres()`,
  temporal: `require('${sandbox}/temporal/temporal.js').startTemporal()`,
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'child-test-'));
  chmodSync(directory, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true }));

const startHere = (script: string) => startParent(script, directory);

describe.each(['postgres', 'temporal'] as const)('startChild, of %s', (part) => {
  it('leaves no process and no file when the parent is killed with -9', async () => {
    const parent = startHere(`${start[part]}.then((part) => {
      console.log(part.pid);
      setInterval(() => undefined, 1000);
    })`);
    const pid = Number(await parent.printed());
    expect(isAlive(pid)).toBe(true);

    parent.child.kill('SIGKILL');
    await parent.gone();

    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves no file when the parent is killed while the part starts', async () => {
    const parent = startHere(start[part]);
    while (readdirSync(directory).length === 0) await delay(5);

    parent.child.kill('SIGKILL');
    await parent.gone();

    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('startChild', () => {
  it('lets a parent that has nothing left to do end, and the part with it', async () => {
    const parent = startHere(`${start.postgres}.then((part) => console.log(part.pid))`);

    const pid = Number(await parent.printed());
    const code = await parent.gone();

    expect(code).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves it to the parent what a Ctrl-C does', async () => {
    const parent = startHere(`${start.postgres}.then((part) => {
      const waiting = setInterval(() => undefined, 1000);
      process.on('SIGINT', async () => {
        await part.stop();
        await part.start();
        await part.close();
        clearInterval(waiting);
      });
      console.log('ready');
    })`);
    await parent.printed();

    process.kill(-parent.child.pid!, 'SIGINT');
    const code = await parent.gone();

    expect(code).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });
});
