import { dirname, join } from 'node:path';
import { buildTemporal } from './build-temporal';
import { cacheDirectory } from '../process/cache-directory';
import { downloadTemporal } from './download-temporal';
import { fillCache } from '../process/fill-cache';
import { findOnPath, isExecutable } from '../process/find-on-path';
import { type Progress, progressOnStderr } from '../process/progress';

/** The last one that `go install` can build; it holds server 1.29.1 and UI 2.42.1. */
const version = '1.5.1';

export interface Search {
  env?: NodeJS.ProcessEnv;
  progress?: Progress;
  downloadFrom?: string;
}

/** The path of a `temporal` CLI: the one that is there already, else one that is fetched or built. */
export async function findTemporalBinary({
  env = process.env,
  progress = progressOnStderr,
  downloadFrom = 'https://temporal.download/cli/archive',
}: Search = {}): Promise<string> {
  if (env.TEMPORAL_CLI) return named(env.TEMPORAL_CLI);
  const onPath = findOnPath('temporal', env);
  if (onPath !== undefined) return onPath;
  const cached = join(cacheDirectory(env), `temporal-cli-${version}`, 'temporal');
  if (isExecutable(cached)) return cached;

  const failures = ['PATH: there is no `temporal` on it', `cache: there is no ${cached}`];
  const ways = {
    download: (to: string) => downloadTemporal(to, { from: downloadFrom, version, env, progress }),
    'go install': (to: string) => buildTemporal(to, { version, env, progress }),
  };
  for (const [way, fill] of Object.entries(ways)) {
    try {
      await fillCache(dirname(cached), fill);
      if (isExecutable(cached)) return cached;
      failures.push(`${way}: ${dirname(cached)} is in its way; remove it`);
    } catch (error) {
      failures.push(`${way}: ${(error as Error).message}`);
    }
  }
  throw new Error(notFound(failures));
}

function named(path: string): string {
  if (isExecutable(path)) return path;
  throw new Error(`TEMPORAL_CLI is ${path}, and that is not an executable file.`);
}

function notFound(failures: string[]): string {
  return [
    'No Temporal dev server was found, and none could be made:',
    '- TEMPORAL_CLI: not set',
    ...failures.map((failure) => `- ${failure}`),
    'Any one of these helps: install the Temporal CLI (https://docs.temporal.io/cli), name one in',
    'TEMPORAL_CLI, or install Go, which then builds it here once.',
  ].join('\n');
}
