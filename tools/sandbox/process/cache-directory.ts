import { homedir } from 'node:os';
import { join } from 'node:path';

/** The directory of the tools that were fetched or built once. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'bulk-notify');
}
