import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';

export const USERNAME = 'mailer';
export const PASSWORD = 'correct horse';
/** The only sender that the login may use. */
export const SENDER = 'notifications@sender.example';
export const DOMAIN = 'customer.example';

/** Recipients that each relay refuses or puts off. */
export const UNKNOWN = `unknown@${DOMAIN}`;
export const FULL = `full@${DOMAIN}`;
export const FULL_FOR_NOW = `full-for-now@${DOMAIN}`;
export const GREYLISTED = `greylisted@${DOMAIN}`;

/** Settings of the relay's own configuration, by name. */
export type RelaySettings = Record<string, string | number>;

export const linesOf = (settings: RelaySettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');

export interface RealRelay {
  port: number;
  caFile: string;
  log(): string;
  stored(): Promise<StoredMail[]>;
  /** From now on the relay takes mail for `GREYLISTED`. */
  endGreylisting(): void;
  close(): Promise<void>;
}

export interface RestartableRelay extends RealRelay {
  restart(): Promise<void>;
}

export interface StoredMail {
  to: string;
  messageId: string;
}

/** A certificate for 127.0.0.1 and for no name, as files of the relay's directory. */
export async function writeCertificate(directory: string) {
  const { key, cert } = await generateCertificate('127.0.0.1');
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  // Mail servers read them as users of their own; the key is good for this one test.
  writeFileSync(keyFile, key, { mode: 0o644 });
  writeFileSync(certFile, cert, { mode: 0o644 });
  return { keyFile, certFile };
}

/** The mails of a directory that holds each in a file of its own. */
export async function readMails(directory: string): Promise<StoredMail[]> {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).map((name) => join(directory, name));
  return Promise.all(
    files.map(async (file) => {
      const { to, messageId = '' } = await simpleParser(readFileSync(file));
      return { to: [to].flat()[0]?.text ?? '', messageId };
    }),
  );
}
