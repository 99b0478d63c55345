import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../tools/sandbox/process/cache-directory';
import { fillCache } from '../../tools/sandbox/process/fill-cache';

/** The directory of that name among those of these tests in the cache, filled the first time. */
export async function cached(
  name: string,
  fill: (directory: string) => Promise<void>,
): Promise<string> {
  const directory = join(cacheDirectory(process.env), 'compose', name);
  if (!existsSync(directory)) await fillCache(directory, fill);
  return directory;
}
