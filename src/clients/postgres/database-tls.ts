import type { ConnectionOptions } from 'node:tls';

/** Where the database is, and how its certificate is checked; `ssl: false` is in clear. */
export interface DatabaseAddress {
  /** Without the parameters that concern TLS: pg would use them in place of `ssl`. */
  url: string;
  ssl: false | ConnectionOptions;
}

export type TlsMode = 'none' | 'unchecked' | 'checked';

/** PEM text of a private CA, and of a client's certificate and key. */
export interface Certificates {
  ca?: string;
  cert?: string;
  key?: string;
}

/** pg 8 and libpq disagree about `require`; of the two meanings the stricter one is kept. */
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

/** What a URL says about TLS: `unknown` is a mode that is not taken; the files as libpq names them. */
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

/** Without a mode, certificates that are given mean TLS, and none mean a connection in clear. */
export function databaseAddress(
  url: string,
  mode: TlsMode | undefined,
  certificates: Certificates,
): DatabaseAddress {
  const given = Object.fromEntries(Object.entries(certificates).filter(([, pem]) => pem));
  const effective = mode ?? (Object.keys(given).length > 0 ? 'checked' : 'none');
  return {
    url: withoutTls(url),
    ssl: effective === 'none' ? false : { ...given, rejectUnauthorized: effective === 'checked' },
  };
}

/** Why others could read or answer this connection on its way, if they could. */
export function exposureOf({ url, ssl }: DatabaseAddress): string | undefined {
  if (isLocal(url)) return undefined;
  if (!ssl) return 'the connection is in clear: add sslmode=require to DATABASE_URL';
  if (ssl.rejectUnauthorized) return undefined;
  return 'the certificate is not checked: use sslmode=require in DATABASE_URL, and DATABASE_CA_FILE';
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
