import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { postgresOwner } from '../../../tools/sandbox/postgres/postgres-owner';
import { programDirectory, startForeground } from './foreground';
import { program } from './program';

export type PoolMode = 'session' | 'transaction';

/** PgBouncer before a Postgres, set up as Supabase's dedicated pooler is. */
export async function startPgBouncer(databaseUrl: string, poolMode: PoolMode) {
  const pgbouncer = program('pgbouncer');
  const { path: directory, remove } = programDirectory('pgbouncer');
  const { hostname, port: postgresPort, username, password } = new URL(databaseUrl);
  const file = join(directory, 'pgbouncer.ini');
  writeFileSync(join(directory, 'users'), `"${username}" "${decodeURIComponent(password)}"\n`);

  return onFreePorts([undefined], async ([port]) => {
    writeFileSync(
      file,
      `[databases]
* = host=${hostname} port=${postgresPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(directory, 'users')}
pool_mode = ${poolMode}
default_pool_size = 15
ignore_startup_parameters = extra_float_digits
`,
    );
    // As root it refuses to run, as Postgres does.
    const owner = await postgresOwner();
    const start = { args: [file], port: port as number, directory, owner };
    const running = await startForeground(pgbouncer, start);
    const url = new URL(databaseUrl);
    url.port = String(port);
    return {
      url: url.href,
      log: running.log,
      async close() {
        await running.stop();
        remove();
      },
    };
  });
}
