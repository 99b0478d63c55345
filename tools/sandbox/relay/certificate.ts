import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** PEM for the client's trust store; exists between `write` and `remove`. */
  caFile: string;
  write: () => void;
  remove: () => void;
}

const DAY_MS = 86_400_000;

/** Creates a self-signed certificate for these host names or IP addresses. */
export function generateCertificate(
  ...hosts: [string, ...string[]]
): Promise<{ key: string; cert: string }> {
  // A day back, because the clocks of containers and their hosts may differ.
  return certificateValid({ fromDays: -1, toDays: 30 }, ...hosts);
}

/** The same, valid from and to so many days from now. */
export async function certificateValid(
  { fromDays, toDays }: { fromDays: number; toDays: number },
  ...hosts: [string, ...string[]]
): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: hosts[0] }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromDays * DAY_MS),
    notAfterDate: new Date(Date.now() + toDays * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) ? { type: 7, ip: host } : { type: 2, value: host },
        ),
      },
    ],
  });
  return { key, cert };
}

/** A certificate for localhost that clients trust through `caFile`. */
export async function createCertificate(): Promise<Certificate> {
  const { key, cert } = await generateCertificate('localhost', '127.0.0.1');
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-relay-'));
  const caFile = join(directory, 'ca.pem');
  const remove = () => {
    process.off('exit', remove);
    rmSync(directory, { recursive: true, force: true });
  };
  const write = () => {
    process.on('exit', remove);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(caFile, cert);
  };
  return { key, cert, caFile, write, remove };
}
