import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { programDirectory, startForeground } from './foreground';
import { npmProgram } from './program';
import {
  FULL,
  FULL_FOR_NOW,
  GREYLISTED,
  PASSWORD,
  readMails,
  type RealRelay,
  SENDER,
  UNKNOWN,
  USERNAME,
  writeCertificate,
} from './real-relay';

/** Haraka as a submission server: its TLS, its flat-file logins, and a plugin that stores mails. */
export async function startHaraka(): Promise<RealRelay> {
  const haraka = npmProgram('haraka', 'Haraka/bin/haraka');
  const { path: directory, remove } = programDirectory('haraka');
  const at = (name: string) => join(directory, name);
  cpSync(join(dirname(haraka), '../config'), at('config'), { recursive: true });
  ['plugins', 'mail', 'queue'].forEach((name) => mkdirSync(at(name)));
  const { keyFile, certFile } = await writeCertificate(directory);
  const plugin = join(__dirname, 'haraka/plugins/mailboxes.js');
  copyFileSync(plugin, at('plugins/mailboxes.js'));

  return onFreePorts([undefined], async ([port]) => {
    const files = configuration({ port: port as number, directory, keyFile, certFile });
    for (const [name, text] of Object.entries(files)) writeFileSync(at(`config/${name}`), text);
    const running = await startForeground(process.execPath, {
      args: [haraka, '-c', directory],
      ...{ port: port as number, directory },
    });
    return {
      ...{ port: port as number, caFile: certFile, log: running.log },
      stored: () => readMails(at('mail')),
      endGreylisting: () => writeFileSync(at('greylisting-is-over'), ''),
      async close() {
        await running.stop();
        remove();
      },
    };
  });
}

interface Haraka {
  port: number;
  directory: string;
  keyFile: string;
  certFile: string;
}

function configuration({ port, directory, keyFile, certFile }: Haraka): Record<string, string> {
  return {
    'smtp.ini': `listen=127.0.0.1:${port}\nnodes=0\n`,
    me: 'relay.example\n',
    plugins: 'tls\nauth/flat_file\nmailboxes\n',
    'tls.ini': `key=${keyFile}\ncert=${certFile}\n`,
    'auth_flat_file.ini': `[core]\nmethods=PLAIN,LOGIN\n[users]\n${USERNAME}=${PASSWORD}\n`,
    'mailboxes.json': JSON.stringify({
      directory,
      sender: SENDER,
      greylisted: GREYLISTED,
      replies: {
        [UNKNOWN]: '550 5.1.1 User unknown',
        [FULL]: '552 5.2.2 Mailbox is full',
        [FULL_FOR_NOW]: '452 4.2.2 Mailbox is full',
      },
    }),
  };
}
