import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory } from '../../../tools/sandbox/process/cache-directory';
import { findOnPath } from '../../../tools/sandbox/process/find-on-path';

const INSTALL = 'run `sh .ci/install-interop`';
/** Only root has these on its PATH; Exim is unpacked into the cache, since Postfix excludes it. */
const EXTRA = ['/usr/sbin', '/usr/lib/postfix/sbin', join(cacheOfInterop('exim'), 'usr/sbin')];

/** The path of a program as Debian packages it. */
export function program(name: string): string {
  const PATH = [process.env.PATH, ...EXTRA].join(delimiter);
  const path = findOnPath(name, { PATH });
  if (path === undefined) throw new Error(`${name} is missing: ${INSTALL} as root`);
  return path;
}

/** The path of a script of an npm package that only these tests need. */
export function npmProgram(name: string, path: string): string {
  const script = join(cacheOfInterop(name), 'node_modules', path);
  if (!existsSync(script)) throw new Error(`${name} is missing: ${INSTALL}`);
  return script;
}

/** The path of a program of the Python packages that only these tests need. */
export function pythonProgram(name: string): string {
  const path = join(cacheOfInterop('schemathesis'), 'bin', name);
  if (!existsSync(path)) throw new Error(`${name} is missing: ${INSTALL}`);
  return path;
}

/** Mail servers change to the users that they deliver as. */
export function requireRoot(name: string): void {
  if (process.geteuid?.() !== 0) throw new Error(`${name} only runs as root: so must this test`);
}

function cacheOfInterop(name: string): string {
  return join(cacheDirectory(process.env), 'interop', name);
}
