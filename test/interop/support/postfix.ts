import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { until } from '../../../tools/sandbox/until';
import { accountOf } from './account';
import { startDovecotAuth } from './dovecot';
import { programDirectory, startForeground } from './foreground';
import { startGreylisting } from './greylisting';
import { postfixMain, POSTFIX_MASTER, POSTFIX_RECIPIENTS } from './postfix-configuration';
import { program, requireRoot } from './program';
import {
  readMails,
  type RelaySettings,
  type RestartableRelay,
  SENDER,
  USERNAME,
  writeCertificate,
} from './real-relay';

/** Postfix as a submission server with Dovecot's logins, and a greylisting policy. */
export async function startPostfix(settings: RelaySettings = {}): Promise<RestartableRelay> {
  requireRoot('Postfix');
  const [postfix, master] = [program('postfix'), program('master')];
  const owner = await accountOf('postfix');
  const { path: directory, remove } = programDirectory('postfix');
  const at = (name: string) => join(directory, name);
  ['queue', 'data', 'mail', 'dovecot'].forEach((name) => mkdirSync(at(name), { mode: 0o755 }));
  ['data', 'mail'].forEach((name) => chownSync(at(name), owner.uid, owner.gid));
  const { certFile } = await writeCertificate(directory);
  writeFileSync(at('recipients'), POSTFIX_RECIPIENTS);
  writeFileSync(at('senders'), `${SENDER} ${USERNAME}\n`);

  return onFreePorts([undefined, undefined, undefined], async (ports) => {
    const [port, authPort, policyPort] = ports as [number, number, number];
    writeFileSync(at('main.cf'), postfixMain({ directory, owner, authPort, policyPort, settings }));
    writeFileSync(at('master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${POSTFIX_MASTER}`);
    // Makes the directories of the queue.
    await promisify(execFile)(postfix, ['-c', directory, 'check']);
    const greylisting = await startGreylisting(policyPort);
    const dovecot = await startDovecotAuth(at('dovecot'), authPort);
    const start = () =>
      startForeground(master, { args: ['-c', directory, '-s'], ...{ port, directory } });
    let running = await start();
    // A service that master had just forked outlives it by a second, with its port and its locks.
    const stop = async () => {
      await running.stop();
      await until('Postfix has ended', () => hasEnded(master, directory));
    };
    return {
      ...{ port, caFile: certFile, log: running.log },
      async restart() {
        await stop();
        running = await start();
      },
      stored: () => readMails(at('mail/inbox/new')),
      endGreylisting: greylisting.end,
      async close() {
        await stop();
        await dovecot.stop();
        greylisting.close();
        remove();
      },
    };
  });
}

/** master(8), -t: whether no process holds the lock of this Postfix. */
const hasEnded = (master: string, directory: string): Promise<boolean> =>
  promisify(execFile)(master, ['-c', directory, '-t']).then(
    () => true,
    () => false,
  );
