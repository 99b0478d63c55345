import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Foreground, startForeground } from './foreground';
import { program } from './program';
import { PASSWORD, USERNAME } from './real-relay';

/** Dovecot as Postfix' authentication server, and nothing else of it. */
export function startDovecotAuth(directory: string, port: number): Promise<Foreground> {
  const users = join(directory, 'users');
  const configuration = join(directory, 'dovecot.conf');
  writeFileSync(users, `${USERNAME}:${PASSWORD}\n`);
  writeFileSync(
    configuration,
    `base_dir = ${join(directory, 'run')}
state_dir = ${join(directory, 'state')}
log_path = /dev/stderr
protocols =
ssl = no
auth_mechanisms = plain login
# A wrong password is answered at once.
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN ${users}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${port}
  }
}
`,
  );
  const args = ['-F', '-c', configuration];
  return startForeground(program('dovecot'), { args, port, directory });
}
