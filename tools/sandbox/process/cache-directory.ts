import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tools that were fetched or built once are kept. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'bulk-notify');
}
