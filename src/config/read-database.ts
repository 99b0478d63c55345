import type { DatabaseVariable } from '../../activities/failures/remedies';
import { parseCaCertificates } from './ca-certificates';
import {
  type Certificates,
  type DatabaseAddress,
  databaseAddress,
  tlsOfUrl,
} from '../clients/postgres/database-tls';
import { describeVariables, optional } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const database = describeVariables('Database', {
  DATABASE_URL: {
    schema: value.postgresUrl,
    secret: true,
    about: 'Database with the recipients and the ledger; see [database.md](database.md).',
  },
  ADMIN_DATABASE_URL: {
    schema: value.postgresUrl.optional(),
    secret: true,
    otherwise: '`DATABASE_URL`',
    about:
      'The same database with the login of a role that only reads the ledger, for everything that ' +
      'operators look up; see [ledger.md](ledger.md).',
  },
  DATABASE_CA_FILE: {
    schema: value.filePath.optional(),
    otherwise: 'the public CAs',
    about:
      "PEM file of the CA of the database's certificate, the only one that is trusted then " +
      '(Supabase: `prod-ca-2021.crt`).',
  },
  RECIPIENT_SOURCE: {
    schema: value.recipientSource.prefault('profile_first'),
    about:
      "Which address gets the email: the profile's, else the account's (`profile_first`), or only " +
      "the account's, once it is confirmed (`confirmed_account`).",
  },
});

const NO_DATABASE: DatabaseAddress = { variable: 'DATABASE_URL', url: '', ssl: false };

/** Where the database is and how it is reached. */
export function readDatabase(reader: EnvironmentReader): DatabaseAddress {
  const url = reader.read(database.DATABASE_URL);
  return readAddress(reader, 'DATABASE_URL', url) ?? NO_DATABASE;
}

/** The database as operators read it; undefined if no variable names it. */
export function readAdminDatabase(reader: EnvironmentReader): DatabaseAddress | undefined {
  const ownUrl = reader.read(database.ADMIN_DATABASE_URL);
  const url = reader.read(optional(database.DATABASE_URL, 'no look-up of notifications'));
  return ownUrl
    ? readAddress(reader, 'ADMIN_DATABASE_URL', ownUrl)
    : readAddress(reader, 'DATABASE_URL', url);
}

/** The login of operators, if they have one of their own. */
export function readReaderDatabase(reader: EnvironmentReader): DatabaseAddress | undefined {
  const url = reader.read(database.ADMIN_DATABASE_URL);
  return url ? readAddress(reader, 'ADMIN_DATABASE_URL', url) : undefined;
}

function readAddress(
  reader: EnvironmentReader,
  name: DatabaseVariable,
  url: string | undefined,
): DatabaseAddress | undefined {
  const { fault } = reader;
  const caFile = reader.read(database.DATABASE_CA_FILE);
  const { mode, files }: ReturnType<typeof tlsOfUrl> = url ? tlsOfUrl(url) : { files: {} };
  if (mode === 'none' && caFile) {
    fault('DATABASE_CA_FILE', `is set, and sslmode in ${name} turns TLS off`);
  }
  if (files.ca && caFile) {
    fault('DATABASE_CA_FILE', `and sslrootcert in ${name} are both set: keep one`);
  }
  const certificates = readCertificates(reader, name, caFile, files);
  if (!url) return undefined;
  if (mode !== 'unknown') return databaseAddress({ variable: name, url }, mode, certificates);
  fault(name, 'has an sslmode other than disable, require, verify-full and no-verify');
  return undefined;
}

export function readRecipientSource({ read }: EnvironmentReader) {
  return read(database.RECIPIENT_SOURCE);
}

function readCertificates(
  { readText, fault }: EnvironmentReader,
  urlName: string,
  caFile: string | undefined,
  files: Certificates,
): Certificates {
  const name = caFile ? 'DATABASE_CA_FILE' : urlName;
  const path = caFile ?? files.ca;
  const ca = path ? readText(name, path) : undefined;
  const parsed = ca === undefined ? undefined : parseCaCertificates(ca);
  if (parsed && 'fault' in parsed) fault(name, parsed.fault);
  return {
    ca,
    cert: files.cert ? readText(urlName, files.cert) : undefined,
    key: files.key ? readText(urlName, files.key) : undefined,
  };
}
