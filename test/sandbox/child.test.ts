import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const sandbox = join(__dirname, '../../dist/sandbox');
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

/** A process that starts a part. The part's guardian shares its stderr, so that `close` is of both. */
function parent(script: string): ChildProcess {
  return spawn(process.execPath, ['-e', script], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function printed(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.each(['postgres', 'temporal'] as const)('startChild, of %s', (part) => {
  it('leaves no process and no file when the parent is killed with -9', async () => {
    const child = parent(`${start[part]}.then((part) => {
      console.log(part.pid);
      setInterval(() => undefined, 1000);
    })`);
    const pid = Number(await printed(child));
    expect(isAlive(pid)).toBe(true);

    child.kill('SIGKILL');
    await once(child, 'close');

    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves no file when the parent is killed while the part starts', async () => {
    const child = parent(start[part]);
    while (readdirSync(directory).length === 0) await delay(5);

    child.kill('SIGKILL');
    await once(child, 'close');

    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('startChild', () => {
  it('lets a parent that has nothing left to do end, and the part with it', async () => {
    const child = parent(`${start.postgres}.then((part) => console.log(part.pid))`);

    const pid = Number(await printed(child));
    const [code] = (await once(child, 'close')) as [number];

    expect(code).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves it to the parent what a Ctrl-C does', async () => {
    const child = parent(`${start.postgres}.then((part) => {
      const waiting = setInterval(() => undefined, 1000);
      process.on('SIGINT', async () => {
        await part.stop();
        await part.start();
        await part.close();
        clearInterval(waiting);
      });
      console.log('ready');
    })`);
    await printed(child);

    process.kill(-child.pid!, 'SIGINT');
    const [code] = (await once(child, 'close')) as [number];

    expect(code).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });
});
