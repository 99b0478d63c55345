import { hostname } from 'node:os';
import { parseAddress } from '../../activities/recipient-address';
import { parseCaCertificates } from './ca-certificates';
import type { TlsMode } from '../clients/smtp/tls';
import { defaultEhloName } from './ehlo-name';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

/** The port of TLS from the first byte (RFC 8314 §7.3). */
const SUBMISSIONS_PORT = 465;

export function readSmtp(reader: EnvironmentReader) {
  const { read, readSecret } = reader;
  const host = read('SMTP_SERVER', value.relayHost);
  const port = read('SMTP_PORT', value.wholeNumber(1, 65535));
  return {
    ...{ host, port },
    username: read('SMTP_USERNAME', value.line),
    password: readSecret('SMTP_PASSWORD', value.verbatim),
    tls: readTlsMode(reader, port),
    caCertificates: readCaCertificates(reader),
    ehloName: readEhloName(reader),
  };
}

/** SMTP_STARTTLS_REQUIRED alone suffices: true is STARTTLS, false plain text, and 465 implicit TLS. */
function readTlsMode({ read, fault }: EnvironmentReader, port: number): TlsMode {
  const mode = read('SMTP_TLS', value.tlsMode.optional());
  const required = read('SMTP_STARTTLS_REQUIRED', value.yesOrNo.optional());
  if (required === undefined) {
    const isSet = (name: string) => read(name, value.verbatim.optional()) !== undefined;
    if (!isSet('SMTP_TLS') && !isSet('SMTP_STARTTLS_REQUIRED'))
      fault('SMTP_TLS', 'is missing (and SMTP_STARTTLS_REQUIRED)');
    return mode ?? 'starttls';
  }
  const plain = required ? 'starttls' : 'none';
  const implied = port === SUBMISSIONS_PORT ? 'implicit' : plain;
  const contradicts = required ? mode === 'none' : mode !== undefined && mode !== implied;
  if (contradicts) fault('SMTP_TLS', 'contradicts SMTP_STARTTLS_REQUIRED: keep one of them');
  return mode ?? implied;
}

function readCaCertificates({ read, readText, fault }: EnvironmentReader): string[] {
  const path = read('SSL_CERT_FILE', value.verbatim.optional())?.trim();
  const pem = path ? readText('SSL_CERT_FILE', path) : undefined;
  if (pem === undefined) return [];
  const parsed = parseCaCertificates(pem);
  if ('certificates' in parsed) return parsed.certificates;
  fault('SSL_CERT_FILE', parsed.fault);
  return [];
}

function readEhloName({ read, fault }: EnvironmentReader): string {
  const name = read('SMTP_EHLO_NAME', value.ehloName.optional());
  // What is wrong with this variable is said where the sender is read.
  const sender = parseAddress(read('SMTP_FROM_EMAIL', value.verbatim.catch('')));
  const isSet = read('SMTP_EHLO_NAME', value.verbatim.optional()) !== undefined;
  if (isSet || 'reason' in sender) return name ?? '';
  const byDefault = defaultEhloName(hostname(), sender.address);
  if (byDefault === undefined) {
    fault('SMTP_EHLO_NAME', 'is missing: neither this host nor SMTP_FROM_EMAIL has a full name');
  }
  return byDefault ?? '';
}
