import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findClusterBinaries } from '../cluster/cluster-binaries';

/** Makes a program of each package, named after its directory, as Go does; and notes what it was told. */
const go = `
echo "$@" >>"$HOME/told"
shift
for package; do
  program="\${package##*/}"
  program="$GOBIN/\${program%@*}"
  echo '#!/bin/sh' >"$program"
  /bin/chmod +x "$program"
done`;

let home: string;
let env: { PATH: string; HOME: string; XDG_CACHE_HOME: string };
let cache: string;
let binaries: Record<'server' | 'sqlTool' | 'ui', string>;
const lines: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cluster-binaries-test-'));
  env = { PATH: join(home, 'bin'), HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  cache = join(home, 'cache/bulk-notify');
  binaries = {
    server: join(cache, 'temporal-server-1.31.2/server'),
    sqlTool: join(cache, 'temporal-server-1.31.2/sql'),
    ui: join(cache, 'temporal-ui-server-2.53.3/server'),
  };
  lines.length = 0;
});

afterEach(() => rmSync(home, { recursive: true }));

function executable(path: string, script = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const find = () => findClusterBinaries({ env, progress: (line) => lines.push(line) });
const told = (): string[] => readFileSync(join(home, 'told'), 'utf8').trim().split('\n');

describe('findClusterBinaries', () => {
  it('takes those in the cache, and needs no Go for that', async () => {
    Object.values(binaries).forEach((path) => executable(path));

    expect(await find()).toEqual(binaries);
  });

  it('builds them into the cache, once, and says so', async () => {
    executable(join(env.PATH, 'go'), go);

    const found = [await find(), await find()];

    expect(found).toEqual([binaries, binaries]);
    expect(told()).toEqual([
      'install go.temporal.io/server/cmd/server@v1.31.2 go.temporal.io/server/cmd/tools/sql@v1.31.2',
      'install github.com/temporalio/ui-server/v2/cmd/server@v2.53.3',
    ]);
    expect(lines).toEqual([
      'building the Temporal server, once (about 3 minutes on two cores)',
      'building the Temporal UI, once (about half a minute on two cores)',
    ]);
  });

  it('builds only what is missing', async () => {
    executable(join(env.PATH, 'go'), go);
    executable(binaries.server);
    executable(binaries.sqlTool);

    expect(await find()).toEqual(binaries);
    expect(told()).toEqual([expect.stringContaining('ui-server')]);
  });

  it('gives the same to two who build at once', async () => {
    executable(join(env.PATH, 'go'), go);

    expect(await Promise.all([find(), find()])).toEqual([binaries, binaries]);
    expect(readdirSync(cache)).toEqual(['temporal-server-1.31.2', 'temporal-ui-server-2.53.3']);
  });

  it('lists what is missing and how to get it where there is no Go', async () => {
    executable(binaries.server);
    executable(binaries.sqlTool);

    await expect(find()).rejects.toThrow(
      [
        'The Temporal server with its UI was not found, and could not be built:',
        `- cache: there is no ${binaries.ui}`,
        '- go install: there is no `go` on PATH',
        'Install Go (https://go.dev/dl), which then builds what is missing here, once.',
      ].join('\n'),
    );
  });

  it('tells why a build failed, and leaves nothing half-built', async () => {
    executable(join(env.PATH, 'go'), 'echo half >"$GOBIN/server"; echo no such module >&2; exit 1');

    const error = await find().catch((thrown: unknown) => thrown as Error);

    expect(error).toMatchObject({
      message: expect.stringContaining(
        [
          `- cache: there is no ${binaries.server}`,
          `- cache: there is no ${binaries.sqlTool}`,
          `- cache: there is no ${binaries.ui}`,
          '- go install: go ended with exit code 1: no such module',
        ].join('\n'),
      ) as string,
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('says what is in its way', async () => {
    executable(join(env.PATH, 'go'), go);
    executable(join(dirname(binaries.ui), 'something-else'));

    await expect(find()).rejects.toThrow(`${dirname(binaries.ui)} is in its way; remove it`);
  });
});
