import { join } from 'node:path';
import { cacheDirectory } from '../process/cache-directory';
import { fillCache } from '../process/fill-cache';
import { isExecutable } from '../process/find-on-path';
import { goInstall } from '../process/go-install';
import { type Progress, progressOnStderr } from '../process/progress';

/** The versions that docker-compose.yml pins (npm run deploy:check keeps them equal). */
const builds = {
  server: {
    directory: 'temporal-server-1.31.2',
    packages: [
      'go.temporal.io/server/cmd/server@v1.31.2',
      'go.temporal.io/server/cmd/tools/sql@v1.31.2',
    ],
    programs: ['server', 'sql'],
    doing: 'building the Temporal server, once',
    usually: 'about 3 minutes on two cores',
  },
  ui: {
    directory: 'temporal-ui-server-2.53.3',
    packages: ['github.com/temporalio/ui-server/v2/cmd/server@v2.53.3'],
    programs: ['server'],
    doing: 'building the Temporal UI, once',
    usually: 'about half a minute on two cores',
  },
};

export interface Search {
  env?: NodeJS.ProcessEnv;
  progress?: Progress;
}

export interface ClusterBinaries {
  server: string;
  /** Creates databases, and holds their schema. */
  sqlTool: string;
  ui: string;
}

/** The programs of Temporal's server and of its UI: those in the cache, else built into it. */
export async function findClusterBinaries({
  env = process.env,
  progress = progressOnStderr,
}: Search = {}): Promise<ClusterBinaries> {
  const cached = { server: pathsOf('server', env), ui: pathsOf('ui', env) };
  const missing = () =>
    Object.values(cached)
      .flat()
      .filter((path) => !isExecutable(path));
  const run = { env, progress };

  // One after the other: a build keeps all cores busy by itself.
  for (const name of ['server', 'ui'] as const) {
    if (cached[name].every(isExecutable)) continue;
    const { directory, packages, doing, usually } = builds[name];
    const target = join(cacheDirectory(env), directory);
    try {
      await fillCache(target, (to) => goInstall(to, packages, { ...run, doing, usually }));
    } catch (cause) {
      throw new Error(notFound(missing(), (cause as Error).message), { cause });
    }
    if (cached[name].every(isExecutable)) continue;
    throw new Error(notFound(missing(), `${target} is in its way; remove it`));
  }
  const [server, sqlTool] = cached.server as [string, string];
  const [ui] = cached.ui as [string];
  return { server, sqlTool, ui };
}

function pathsOf(name: keyof typeof builds, env: NodeJS.ProcessEnv): string[] {
  const { directory, programs } = builds[name];
  return programs.map((program) => join(cacheDirectory(env), directory, program));
}

function notFound(missing: string[], failure: string): string {
  return [
    'The Temporal server with its UI was not found, and could not be built:',
    ...missing.map((path) => `- cache: there is no ${path}`),
    `- go install: ${failure}`,
    'Install Go (https://go.dev/dl), which then builds what is missing here, once.',
  ].join('\n');
}
