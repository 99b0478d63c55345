import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { accountOf } from './account';
import { eximConfiguration } from './exim-configuration';
import { programDirectory, startForeground } from './foreground';
import { program, requireRoot } from './program';
import {
  readMails,
  type RelaySettings,
  type RestartableRelay,
  writeCertificate,
} from './real-relay';

const USER = 'Debian-exim';

/** Exim as a submission server with logins of its own. */
export async function startExim(settings: RelaySettings = {}): Promise<RestartableRelay> {
  requireRoot('Exim');
  const { uid, gid } = await accountOf(USER);
  const { path: directory, remove } = programDirectory('exim');
  const at = (name: string) => join(directory, name);
  const exim = at('exim4');
  // It starts itself again as its user, who cannot read root's cache.
  copyFileSync(program('exim4'), exim);
  chmodSync(exim, 0o755);
  for (const name of ['spool', 'mail']) {
    mkdirSync(at(name));
    chownSync(at(name), uid, gid);
  }
  const { certFile } = await writeCertificate(directory);

  return onFreePorts([undefined], async ([port]) => {
    const configuration = eximConfiguration({
      ...{ exim, directory, user: USER, port: port as number, settings },
    });
    writeFileSync(at('exim.conf'), configuration);
    const start = () =>
      startForeground(exim, {
        args: ['-C', at('exim.conf'), '-bdf', '-q1m'],
        ...{ port: port as number, directory },
      });
    let running = await start();
    return {
      ...{ port: port as number, caFile: certFile, log: running.log },
      async restart() {
        await running.stop();
        running = await start();
      },
      stored: () => readMails(at('mail/new')),
      endGreylisting: () => writeFileSync(at('greylisting-is-over'), ''),
      async close() {
        await running.stop();
        remove();
      },
    };
  });
}
