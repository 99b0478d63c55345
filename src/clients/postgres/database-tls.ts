import type { ConnectionOptions } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { DatabaseVariable } from '../../../activities/failures/remedies';

/** Where the database is, and how its certificate is checked; `ssl: false` means plain text. */
export interface DatabaseAddress {
  /** The variable that it comes from. */
  variable: DatabaseVariable;
  /** Without the parameters for TLS, which pg would use in place of `ssl`. */
  url: string;
  ssl: false | ConnectionOptions;
}

export type TlsMode = 'none' | 'unchecked' | 'checked';

/** PEM texts of a private CA, and of a client certificate and its key. */
export interface Certificates {
  ca?: string;
  cert?: string;
  key?: string;
}

/** pg 8 and libpq disagree about `require`; the stricter meaning applies. */
const MODES: Record<string, TlsMode> = {
  ...{ disable: 'none', '0': 'none', false: 'none' },
  'no-verify': 'unchecked',
  ...{ prefer: 'checked', require: 'checked', 'verify-ca': 'checked', 'verify-full': 'checked' },
  ...{ '1': 'checked', true: 'checked' },
};
const PARAMETERS = [
  ...['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey'],
  ...['sslnegotiation', 'uselibpqcompat'],
];

/** The TLS settings of a URL: `unknown` is an unsupported mode; `files` are paths, as in libpq. */
export function tlsOfUrl(url: string): { mode?: TlsMode | 'unknown'; files: Certificates } {
  const { searchParams } = new URL(url);
  const read = (name: string) => searchParams.get(name) || undefined;
  const mode = read('sslmode') ?? read('ssl');
  const ca = read('sslrootcert');
  return {
    ...(mode && { mode: MODES[mode] ?? 'unknown' }),
    files: { ca: ca === 'system' ? undefined : ca, cert: read('sslcert'), key: read('sslkey') },
  };
}

/** Without a mode, a certificate means TLS with a check, and no certificate means plain text. */
export function databaseAddress(
  { variable, url }: Pick<DatabaseAddress, 'variable' | 'url'>,
  mode: TlsMode | undefined,
  certificates: Certificates,
): DatabaseAddress {
  const given = Object.fromEntries(Object.entries(certificates).filter(([, pem]) => pem));
  const effective = mode ?? (Object.keys(given).length > 0 ? 'checked' : 'none');
  return {
    variable,
    url: withoutTls(url),
    ssl: effective === 'none' ? false : { ...given, rejectUnauthorized: effective === 'checked' },
  };
}

/** Whether two variables name one database, reached in the same way with the same login. */
export function isSameAddress(one: DatabaseAddress, other: DatabaseAddress): boolean {
  return isDeepStrictEqual({ ...one, variable: other.variable }, other);
}

/** Why others could read or change what this connection transfers; undefined if they could not. */
export function exposureOf({ variable, url, ssl }: DatabaseAddress): string | undefined {
  if (isLocal(url)) return undefined;
  if (!ssl) return `the connection is in clear: add sslmode=require to ${variable}`;
  if (ssl.rejectUnauthorized) return undefined;
  return `the certificate is not checked: use sslmode=require in ${variable}, and DATABASE_CA_FILE`;
}

function withoutTls(url: string): string {
  const parsed = new URL(url);
  if (!PARAMETERS.some((name) => parsed.searchParams.has(name))) return url;
  for (const name of PARAMETERS) parsed.searchParams.delete(name);
  return parsed.href;
}

function isLocal(url: string): boolean {
  const { hostname, searchParams } = new URL(url);
  const host = decodeURIComponent(searchParams.get('host') ?? hostname);
  return (
    host === '' || host.startsWith('/') || /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
  );
}
