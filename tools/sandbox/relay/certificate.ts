import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** PEM for the sender's trust store; there between `write` and `remove`. */
  caFile: string;
  write: () => void;
  remove: () => void;
}

const DAY_MS = 86_400_000;

/** A certificate for localhost that is its own authority: trust it explicitly, or TLS fails. */
export async function createCertificate(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // A day back: containers and their hosts do not always agree on the time.
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + 30 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });

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
