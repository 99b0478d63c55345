import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const abandonedAfterMs = 60 * 60 * 1000;

/**
 * Makes `target` out of what `fill` puts into a directory beside it: all of it or nothing, also
 * when two processes do it at once. Then the first to finish wins.
 */
export async function fillCache(
  target: string,
  fill: (directory: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await removeAbandoned(target);
  const filling = await mkdtemp(`${target}.filling-`);
  try {
    await fill(filling);
    await chmod(filling, 0o755);
    await rename(filling, target).catch(unlessThereAlready);
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
}

function unlessThereAlready(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

/** A process that was killed while it filled has left its directory, of up to 250 MB. */
async function removeAbandoned(target: string): Promise<void> {
  const prefix = `${basename(target)}.filling-`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const path = join(dirname(target), name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
