import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findTemporalBinary } from '../temporal/temporal-binary';

const unreachable = 'http://127.0.0.1:2/archive';

let home: string;
let env: { PATH: string; XDG_CACHE_HOME: string; TEMPORAL_CLI?: string };
let cached: string;
const lines: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temporal-binary-test-'));
  env = { PATH: join(home, 'bin'), XDG_CACHE_HOME: join(home, 'cache') };
  cached = join(home, 'cache/bulk-notify/temporal-cli-1.5.1/temporal');
  lines.length = 0;
});

afterEach(() => rmSync(home, { recursive: true }));

function executable(path: string, script = ''): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const find = (downloadFrom = unreachable): Promise<string> =>
  findTemporalBinary({ env, downloadFrom, progress: (line) => lines.push(line) });

describe('findTemporalBinary', () => {
  it('takes TEMPORAL_CLI before all else', async () => {
    executable(join(env.PATH, 'temporal'));
    env.TEMPORAL_CLI = executable(join(home, 'mine'));

    expect(await find()).toBe(env.TEMPORAL_CLI);
  });

  it('stops when TEMPORAL_CLI is no executable, whatever else there is', async () => {
    executable(join(env.PATH, 'temporal'));
    env.TEMPORAL_CLI = join(home, 'nowhere');

    await expect(find()).rejects.toThrow(
      `TEMPORAL_CLI is ${home}/nowhere, and that is not an executable file.`,
    );
  });

  it('takes the one on PATH before the one in the cache', async () => {
    executable(cached);
    const onPath = executable(join(env.PATH, 'temporal'));

    expect(await find()).toBe(onPath);
  });

  it('takes the one in the cache', async () => {
    executable(cached);

    expect(await find()).toBe(cached);
  });

  it('downloads one into the cache', async () => {
    executable(join(home, 'temporal'));
    const archive = execFileSync('tar', ['-czf', '-', '-C', home, 'temporal']);
    for (const tool of ['tar', 'gzip']) {
      mkdirSync(env.PATH, { recursive: true });
      symlinkSync(execFileSync('which', [tool]).toString().trim(), join(env.PATH, tool));
    }
    const asked: (string | undefined)[] = [];
    const site = createServer((request, response) => {
      asked.push(request.url);
      response.end(archive);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;

    const found = await find(`http://127.0.0.1:${port}/cli/archive`).finally(() => {
      site.close();
      site.closeAllConnections();
    });

    expect(found).toBe(cached);
    expect(asked).toEqual([expect.stringMatching(/^\/cli\/archive\/v1\.5\.1\?platform=\w+&arch=/)]);
    expect(readdirSync(dirname(cached))).toEqual(['temporal']);
  });

  it('builds one into the cache, also when two do so at once', async () => {
    executable(
      join(env.PATH, 'go'),
      `echo '#!/bin/sh' >"$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`,
    );

    const found = await Promise.all([find(), find()]);

    expect(found).toEqual([cached, cached]);
    expect(readdirSync(dirname(dirname(cached)))).toEqual(['temporal-cli-1.5.1']);
    expect(lines).toContain(
      'building the Temporal dev server, once (about 4 minutes on two cores)',
    );
  });

  it('lists every way and why it failed, and leaves nothing half-built', async () => {
    executable(
      join(env.PATH, 'go'),
      'echo half >"$GOBIN/temporal"; echo no such module >&2; exit 1',
    );

    const error = await find().catch((thrown: unknown) => thrown);

    expect((error as Error).message).toMatch(
      new RegExp(
        [
          '- TEMPORAL_CLI: not set',
          '- PATH: there is no `temporal` on it',
          `- cache: there is no ${cached}`,
          `- download: ${unreachable}/v1\\.5\\.1\\?.*ECONNREFUSED.*`,
          '- go install: go ended with exit code 1: no such module',
          'Any one of these helps: ',
        ].join('\n'),
      ),
    );
    expect(readdirSync(dirname(dirname(cached)))).toEqual([]);
  });

  it('says so where there is no Go', async () => {
    await expect(find()).rejects.toThrow('- go install: there is no `go` on PATH');
  });
});
