import { parseCaCertificates } from './ca-certificates';
import {
  type Certificates,
  type DatabaseAddress,
  databaseAddress,
  tlsOfUrl,
} from '../clients/postgres/database-tls';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

/** Where the database is and how it is reached; for the worker and for `setup`. */
export function readDatabase(reader: EnvironmentReader): DatabaseAddress {
  const { fault } = reader;
  const url = reader.readSecret('DATABASE_URL', value.postgresUrl);
  const caFile = reader.read('DATABASE_CA_FILE', value.verbatim.optional())?.trim();
  const { mode, files }: ReturnType<typeof tlsOfUrl> = url ? tlsOfUrl(url) : { files: {} };
  if (mode === 'none' && caFile) fault('DATABASE_CA_FILE', 'is set, and sslmode turns TLS off');
  if (files.ca && caFile) fault('DATABASE_CA_FILE', 'and sslrootcert are both set: keep one');
  const certificates = readCertificates(reader, caFile, files);
  if (!url) return { url: '', ssl: false };
  if (mode !== 'unknown') return databaseAddress(url, mode, certificates);
  fault('DATABASE_URL', 'has an sslmode other than disable, require, verify-full and no-verify');
  return { url: '', ssl: false };
}

function readCertificates(
  { readText, fault }: EnvironmentReader,
  caFile: string | undefined,
  files: Certificates,
): Certificates {
  const name = caFile ? 'DATABASE_CA_FILE' : 'DATABASE_URL';
  const path = caFile ?? files.ca;
  const ca = path ? readText(name, path) : undefined;
  const parsed = ca === undefined ? undefined : parseCaCertificates(ca);
  if (parsed && 'fault' in parsed) fault(name, parsed.fault);
  return {
    ca,
    cert: files.cert ? readText('DATABASE_URL', files.cert) : undefined,
    key: files.key ? readText('DATABASE_URL', files.key) : undefined,
  };
}
