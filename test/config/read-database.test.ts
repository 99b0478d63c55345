import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSetupConfig, loadWorkerConfig } from '../../src/config/config';
import { ConfigurationError, type Environment } from '../../src/config/environment-reader';
import { workerEnvironment } from '../support/environment';
import { relayCertificate } from '../support/relay-certificate';

const URL = 'postgres://app:secret@db.example/app';

let directory: string;
let pem: string;
let caFile: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'read-database-test-'));
  pem = (await relayCertificate()).cert;
  caFile = file('ca.pem', pem);
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadSetupConfig(environment);
  } catch (err) {
    if (err instanceof ConfigurationError) return err.faults;
    throw err;
  }
  return [];
}

it.each([
  ['DATABASE_CA_FILE', () => ({ DATABASE_URL: URL, DATABASE_CA_FILE: caFile })],
  [
    'DATABASE_CA_FILE and sslmode=require',
    () => ({ DATABASE_URL: `${URL}?sslmode=require`, DATABASE_CA_FILE: ` ${caFile}\n` }),
  ],
  [
    'sslrootcert',
    () => ({
      DATABASE_URL: `${URL}?sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`,
    }),
  ],
])('reads the CA from %s, for the worker as for setup', (_, environment) => {
  const expected = { url: URL, ssl: { ca: pem, rejectUnauthorized: true } };

  expect(loadSetupConfig(environment()).database).toEqual(expected);
  expect(loadWorkerConfig(workerEnvironment(environment())).database).toEqual(expected);
});

it.each<[string, () => Environment, string]>([
  [
    'a CA file that is not there',
    () => ({ DATABASE_URL: URL, DATABASE_CA_FILE: '/nowhere/ca.pem' }),
    'DATABASE_CA_FILE names a file that cannot be read (ENOENT)',
  ],
  [
    'a CA file without certificates',
    () => ({ DATABASE_URL: URL, DATABASE_CA_FILE: file('empty.pem', 'no PEM') }),
    'DATABASE_CA_FILE names a file without a certificate in PEM form',
  ],
  [
    'a CA file with a broken certificate',
    () => ({
      DATABASE_URL: URL,
      DATABASE_CA_FILE: file(
        'broken.pem',
        pem.replace(/\n(?=-----END)/, 'AAAA\n').slice(0, 90) + '\n-----END CERTIFICATE-----\n',
      ),
    }),
    'DATABASE_CA_FILE names a file whose certificate 1 cannot be read',
  ],
  [
    'an sslrootcert that is not there',
    () => ({ DATABASE_URL: `${URL}?sslrootcert=/nowhere/ca.pem` }),
    'DATABASE_URL names a file that cannot be read (ENOENT)',
  ],
  [
    'two CAs',
    () => ({ DATABASE_URL: `${URL}?sslrootcert=${caFile}`, DATABASE_CA_FILE: caFile }),
    'DATABASE_CA_FILE and sslrootcert are both set: keep one',
  ],
  [
    'a CA beside sslmode=disable',
    () => ({ DATABASE_URL: `${URL}?sslmode=disable`, DATABASE_CA_FILE: caFile }),
    'DATABASE_CA_FILE is set, and sslmode turns TLS off',
  ],
  [
    'an unknown sslmode',
    () => ({ DATABASE_URL: `${URL}?sslmode=yes` }),
    'DATABASE_URL has an sslmode other than disable, require, verify-full and no-verify',
  ],
])('refuses %s', (_, environment, fault) => {
  expect(faultsOf(environment())).toEqual([fault]);
});
