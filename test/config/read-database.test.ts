import { loadSetupConfig, loadWorkerConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment-reader';
import { faultsOf, padded, scratchFiles, worker, workerFaults } from '../support/configuration';
import { workerEnvironment } from '../support/environment';
import { generateCertificate } from '../../tools/sandbox/relay/certificate';

const URL = 'postgres://app:secret@db.example/app';

const { file } = scratchFiles();
const setupFaults = (environment: Environment) => faultsOf(() => loadSetupConfig(environment));

let pem: string;
let caFile: string;
beforeAll(async () => {
  pem = (await generateCertificate('127.0.0.1')).cert;
  caFile = file('ca.pem', pem);
});

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
  const ssl = { ca: pem, rejectUnauthorized: true };
  const expected = { variable: 'DATABASE_URL', url: URL, ssl };

  expect(loadSetupConfig(environment()).database).toEqual(expected);
  expect(loadWorkerConfig(workerEnvironment(environment())).database).toEqual(expected);
});

it.each<[string, () => Environment, string]>([
  [
    'a missing CA file',
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
    'a missing sslrootcert',
    () => ({ DATABASE_URL: `${URL}?sslrootcert=/nowhere/ca.pem` }),
    'DATABASE_URL names a file that cannot be read (ENOENT)',
  ],
  [
    'two CAs',
    () => ({ DATABASE_URL: `${URL}?sslrootcert=${caFile}`, DATABASE_CA_FILE: caFile }),
    'DATABASE_CA_FILE and sslrootcert in DATABASE_URL are both set: keep one',
  ],
  [
    'a CA beside sslmode=disable',
    () => ({ DATABASE_URL: `${URL}?sslmode=disable`, DATABASE_CA_FILE: caFile }),
    'DATABASE_CA_FILE is set, and sslmode in DATABASE_URL turns TLS off',
  ],
  [
    'an unknown sslmode',
    () => ({ DATABASE_URL: `${URL}?sslmode=yes` }),
    'DATABASE_URL has an sslmode other than disable, require, verify-full and no-verify',
  ],
])('refuses %s', (_, environment, fault) => {
  expect(setupFaults(environment())).toEqual([fault]);
});

it('names a fault once that both URLs have', () => {
  const both = { DATABASE_URL: URL, ADMIN_DATABASE_URL: URL };

  expect(setupFaults({ ...both, DATABASE_CA_FILE: '/nowhere/ca.pem' })).toEqual([
    'DATABASE_CA_FILE names a file that cannot be read (ENOENT)',
  ]);
});

it.each([
  'mysql://app@db.example/app',
  'https://db.example/app',
  'db.example',
  'postgres//db.example',
])('refuses the database URL %j', (value) => {
  const faults = workerFaults({ DATABASE_URL: value });

  expect(faults).toEqual(['DATABASE_URL must be a postgres:// URL']);
});

it('reads RECIPIENT_SOURCE', () => {
  const config = worker({ RECIPIENT_SOURCE: padded('Confirmed_Account') });

  expect(config.recipientSource).toBe('confirmed_account');
});

it('refuses RECIPIENT_SOURCE=profile', () => {
  const faults = workerFaults({ RECIPIENT_SOURCE: 'profile' });

  expect(faults).toEqual(['RECIPIENT_SOURCE must be profile_first or confirmed_account']);
});
