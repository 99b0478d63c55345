import { X509Certificate } from 'node:crypto';
import { generateCertificate } from '../../../tools/sandbox/relay/certificate';
import { capturedLogger } from '../../support/captured-logger';
import { startScriptedPostgres } from '../../support/scripted-postgres';
import { createDatabase } from '../../../src/clients/postgres/database';
import {
  databaseAddress,
  exposureOf,
  isSameAddress,
  tlsOfUrl,
} from '../../../src/clients/postgres/database-tls';

const BASE = 'postgres://app:p%40ss@db.example:6543/app';
const variable = 'DATABASE_URL';

describe('databaseAddress', () => {
  const addressOf = (url: string, ca?: string) => {
    const { mode } = tlsOfUrl(url);
    if (mode === 'unknown') throw new Error('unknown mode');
    return databaseAddress({ variable, url }, mode, { ca });
  };

  it.each(['prefer', 'require', 'verify-ca', 'verify-full'])(
    'checks the certificate with sslmode=%s',
    (mode) => {
      expect(addressOf(`${BASE}?sslmode=${mode}`)).toEqual({
        ...{ variable, url: BASE },
        ssl: { rejectUnauthorized: true },
      });
    },
  );

  it.each([
    ['sslmode=disable', false],
    ['ssl=false', false],
    ['ssl=0', false],
    ['ssl=true', { rejectUnauthorized: true }],
    ['sslmode=no-verify', { rejectUnauthorized: false }],
    ['uselibpqcompat=true&sslmode=require', { rejectUnauthorized: true }],
    ['sslnegotiation=direct&sslmode=require', { rejectUnauthorized: true }],
  ])('takes %s out of the URL', (parameters, ssl) => {
    expect(addressOf(`${BASE}?${parameters}`)).toEqual({ variable, url: BASE, ssl });
  });

  it('is plain text without a mode and without a CA', () => {
    expect(addressOf(BASE)).toEqual({ variable, url: BASE, ssl: false });
  });

  it('is TLS with a CA alone, and keeps the CA beside a mode', () => {
    const ssl = { ca: 'PEM', rejectUnauthorized: true };

    expect(addressOf(BASE, 'PEM')).toEqual({ variable, url: BASE, ssl });
    expect(addressOf(`${BASE}?sslmode=require`, 'PEM')).toEqual({
      ...{ variable, url: BASE, ssl },
    });
  });

  it('leaves the other parameters of the URL', () => {
    const { url } = addressOf(`${BASE}?sslmode=require&application_name=mine`);

    expect(url).toBe(`${BASE}?application_name=mine`);
  });
});

describe('exposureOf', () => {
  it.each([
    'postgres://app@localhost/app',
    'postgres://app@127.0.0.1:5433/app',
    'postgres://app@[::1]/app',
    'postgres:///app?host=/var/run/postgresql',
    'postgres://app@%2Fvar%2Frun%2Fpostgresql/app',
  ])('has nothing to say about %s in clear', (url) => {
    expect(exposureOf({ variable, url, ssl: false })).toBeUndefined();
  });

  it.each(['DATABASE_URL', 'ADMIN_DATABASE_URL'] as const)(
    'names a plain-text connection to another host, and %s',
    (name) => {
      expect(exposureOf({ variable: name, url: BASE, ssl: false })).toBe(
        `the connection is in clear: add sslmode=require to ${name}`,
      );
    },
  );

  it.each(['DATABASE_URL', 'ADMIN_DATABASE_URL'] as const)(
    'names a certificate that is not checked, and %s',
    (name) => {
      const ssl = { rejectUnauthorized: false };

      expect(exposureOf({ variable: name, url: BASE, ssl })).toBe(
        `the certificate is not checked: use sslmode=require in ${name}, and DATABASE_CA_FILE`,
      );
    },
  );

  it('is undefined for TLS with a check', () => {
    const ssl = { rejectUnauthorized: true };

    expect(exposureOf({ variable, url: BASE, ssl })).toBeUndefined();
  });
});

describe('isSameAddress', () => {
  const ssl = { rejectUnauthorized: true };
  const other = { variable: 'ADMIN_DATABASE_URL', url: BASE, ssl } as const;

  it('is true for two variables with the same login and the same TLS', () => {
    expect(isSameAddress({ variable, url: BASE, ssl: { ...ssl } }, other)).toBe(true);
  });

  it.each([
    ['another login', { url: BASE.replace('app:', 'reader:'), ssl }],
    ['no TLS', { url: BASE, ssl: false as const }],
  ])('is false for %s', (_, change) => {
    expect(isSameAddress({ variable, ...change }, other)).toBe(false);
  });
});

describe('a connection by TLS', () => {
  const ask = async (certificate: string | undefined, mode: string, ca?: string) => {
    const key = certificate === undefined ? undefined : await generateCertificate(certificate);
    const server = await startScriptedPostgres({
      ...(key && { certificate: key }),
    });
    const { mode: tls } = tlsOfUrl(`postgres://x?sslmode=${mode}`);
    const address = databaseAddress({ variable, url: server.url }, tls as 'checked', {
      ca: ca === 'own' ? key?.cert : ca,
    });
    const seen: Date[] = [];
    const database = createDatabase({
      ...address,
      logger: capturedLogger().logger,
      onCertificate: (expiresAt) => void seen.push(expiresAt),
    });
    const answer = await database.query('select 1', []).catch(String);
    await database.close();
    await server.close();
    const expiresAt = key && new Date(new X509Certificate(key.cert).validTo);
    return { answer, encrypted: server.logins[0]?.encrypted, expiresAt, seen };
  };

  it('is made with the CA that is given', async () => {
    expect(await ask('127.0.0.1', 'require', 'own')).toMatchObject({
      answer: [],
      encrypted: 'true',
    });
  });

  it('tells when the certificate of the database expires', async () => {
    const { expiresAt, seen } = await ask('127.0.0.1', 'require', 'own');

    expect(seen).toEqual([expiresAt]);
  });

  it('is refused for the certificate of an unknown CA', async () => {
    const { answer, encrypted } = await ask('127.0.0.1', 'require');

    expect(answer).toContain('the database refused the service (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(answer).toContain('DATABASE_CA_FILE');
    expect(encrypted).toBeUndefined();
  });

  it('is refused for the certificate of another host', async () => {
    const { answer } = await ask('other.example', 'require', 'own');

    expect(answer).toContain('the database refused the service (ERR_TLS_CERT_ALTNAME_INVALID)');
  });

  it('is made without a check with no-verify', async () => {
    expect(await ask('other.example', 'no-verify')).toMatchObject({
      answer: [],
      encrypted: 'true',
    });
  });

  it('is refused, never plain text, when the database offers none', async () => {
    const { answer, encrypted } = await ask(undefined, 'require');

    expect(answer).toContain('the database refused the service (NO_TLS)');
    expect(encrypted).toBeUndefined();
  });
});
