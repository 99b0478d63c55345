import { join } from 'node:path';
import { cacheDirectory } from '../process/cache-directory';
import { fillCache } from '../process/fill-cache';
import { isExecutable } from '../process/find-on-path';
import { goInstall } from '../process/go-install';
import { type Progress, progressOnStderr } from '../process/progress';

/** Those of the dev server (sandbox/temporal/temporal-binary.ts). */
const serverVersion = '1.29.1';
const uiVersion = '2.42.1';

export interface Search {
  env?: NodeJS.ProcessEnv;
  progress?: Progress;
}

export interface ClusterBinaries {
  server: string;
  /** Creates databases and brings their schema, which it holds, up to date. */
  sqlTool: string;
  ui: string;
}

/** The programs of Temporal's server and UI: those that are there already, else built once. */
export async function findClusterBinaries({
  env = process.env,
  progress = progressOnStderr,
}: Search = {}): Promise<ClusterBinaries> {
  const built = async (name: string, packages: string[], usually: string): Promise<string> => {
    const directory = join(cacheDirectory(env), name);
    const programs = packages.map((path) => join(directory, programOf(path)));
    if (programs.every(isExecutable)) return directory;
    const run = { env, progress, doing: `building ${name}, once`, usually };
    await fillCache(directory, (filling) => goInstall(filling, packages, run)).catch(
      (error: unknown) => failed(programs, error as Error),
    );
    if (!programs.every(isExecutable)) failed(programs, inTheWay(directory));
    return directory;
  };

  // One after the other: each build keeps all cores busy.
  const server = await built(
    `temporal-server-${serverVersion}`,
    [
      `go.temporal.io/server/cmd/server@v${serverVersion}`,
      `go.temporal.io/server/cmd/tools/sql@v${serverVersion}`,
    ],
    'about 4 minutes on two cores',
  );
  const ui = await built(
    `temporal-ui-server-${uiVersion}`,
    [`github.com/temporalio/ui-server/v2/cmd/server@v${uiVersion}`],
    'about a minute on two cores',
  );
  return { server: join(server, 'server'), sqlTool: join(server, 'sql'), ui: join(ui, 'server') };
}

/** Go names a program after the last directory of its package. */
const programOf = (path: string): string => path.replace(/^.*\//, '').replace(/@.*$/, '');

const inTheWay = (directory: string): Error => new Error(`${directory} is in its way; remove it`);

function failed(programs: string[], cause: Error): never {
  const message = [
    'The Temporal server is not here, and could not be built:',
    ...programs
      .filter((program) => !isExecutable(program))
      .map((it) => `- cache: there is no ${it}`),
    `- go install: ${cause.message}`,
    'Install Go (https://go.dev/dl), which then builds it here once. The dev server needs none of',
    'this: `npm run demo`.',
  ].join('\n');
  throw new Error(message, { cause });
}
