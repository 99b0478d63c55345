import { hostname } from 'node:os';
import type { TlsMode } from '../clients/smtp/tls';
import { parseCaCertificates } from './ca-certificates';
import { describeVariables } from './describe-variables';
import { defaultEhloName } from './ehlo-name';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

/** The port of TLS from the first byte (RFC 8314 §7.3). */
const SUBMISSIONS_PORT = 465;

const relay = describeVariables('Mail relay', {
  SMTP_SERVER: {
    schema: value.relayHost,
    about: 'The relay, without a port.',
  },
  SMTP_PORT: {
    schema: value.wholeNumber(1, 65535),
    about: 'Its port: usually 587 for STARTTLS, 465 for TLS from the first byte.',
  },
  SMTP_USERNAME: {
    schema: value.line,
    about: 'User name for AUTH.',
  },
  SMTP_PASSWORD: {
    schema: value.verbatim,
    secret: true,
    about: 'Password for AUTH.',
  },
  SMTP_TLS: {
    schema: value.tlsMode.optional(),
    otherwise: 'by `SMTP_STARTTLS_REQUIRED`; one of the two is required',
    about:
      'How the connection is encrypted: STARTTLS, TLS from the first byte on any port (`implicit`), ' +
      'or plain text and AUTH (`none`). With TLS no email leaves without a verified certificate.',
  },
  SMTP_STARTTLS_REQUIRED: {
    schema: value.yesOrNo.optional(),
    otherwise: 'by `SMTP_TLS`',
    about:
      'Alternative to `SMTP_TLS`: true is `starttls`, false is `none`; on port 465 both are `implicit`.',
  },
  SSL_CERT_FILE: {
    schema: value.filePath.optional(),
    otherwise: 'the public CAs alone',
    about:
      "PEM file of private CAs that may have issued the relay's certificate, beside the public " +
      'ones; checked at start. A TLS connection to Temporal trusts this file alone: with both, it ' +
      'must hold the public CAs as well.',
  },
  SMTP_EHLO_NAME: {
    schema: value.ehloName.optional(),
    otherwise: 'the host name if it has a dot, else the domain of `SMTP_FROM_EMAIL`',
    about: 'Name that EHLO gives to the relay.',
  },
  SMTP_MAX_CONNECTIONS: {
    schema: value.wholeNumber(1, 100).default(5),
    about:
      'Connections of one worker to the relay, and so emails that it sends at the same time. They are ' +
      'kept for further emails, for 20 seconds at most.',
  },
  SMTP_MAX_MESSAGES_PER_CONNECTION: {
    schema: value.wholeNumber(1, 10_000).default(100),
    about: 'Emails over one connection before the worker takes a new one; 1 keeps none.',
  },
});

/** How mail leaves. */
export function readRelay(reader: EnvironmentReader, fromAddress: string | undefined) {
  return { smtp: readSmtp(reader, fromAddress) };
}

function readSmtp(reader: EnvironmentReader, fromAddress: string | undefined) {
  const { read } = reader;
  const host = read(relay.SMTP_SERVER);
  const port = read(relay.SMTP_PORT);
  return {
    ...{ host, port },
    username: read(relay.SMTP_USERNAME),
    password: read(relay.SMTP_PASSWORD),
    tls: readTlsMode(reader, port),
    caCertificates: readCaCertificates(reader),
    ehloName: readEhloName(reader, fromAddress),
    connections: {
      connectionsMax: read(relay.SMTP_MAX_CONNECTIONS),
      messagesPerConnectionMax: read(relay.SMTP_MAX_MESSAGES_PER_CONNECTION),
    },
  };
}

/** SMTP_STARTTLS_REQUIRED alone suffices: true is STARTTLS, false plain text, and 465 implicit TLS. */
function readTlsMode({ read, isSet, fault }: EnvironmentReader, port: number): TlsMode {
  const mode = read(relay.SMTP_TLS);
  const required = read(relay.SMTP_STARTTLS_REQUIRED);
  if (required === undefined) {
    if (!isSet(relay.SMTP_TLS) && !isSet(relay.SMTP_STARTTLS_REQUIRED)) {
      fault('SMTP_TLS', 'is missing (and SMTP_STARTTLS_REQUIRED)');
    }
    return mode ?? 'starttls';
  }
  const plain = required ? 'starttls' : 'none';
  const implied = port === SUBMISSIONS_PORT ? 'implicit' : plain;
  const contradicts = required ? mode === 'none' : mode !== undefined && mode !== implied;
  if (contradicts) fault('SMTP_TLS', 'contradicts SMTP_STARTTLS_REQUIRED: keep one of them');
  return mode ?? implied;
}

function readCaCertificates({ read, readText, fault }: EnvironmentReader): string[] {
  const path = read(relay.SSL_CERT_FILE);
  const pem = path ? readText('SSL_CERT_FILE', path) : undefined;
  if (pem === undefined) return [];
  const parsed = parseCaCertificates(pem);
  if ('certificates' in parsed) return parsed.certificates;
  fault('SSL_CERT_FILE', parsed.fault);
  return [];
}

function readEhloName(
  { read, isSet, fault }: EnvironmentReader,
  fromAddress: string | undefined,
): string {
  const name = read(relay.SMTP_EHLO_NAME);
  // A fault of SMTP_FROM_EMAIL is reported where that variable is read.
  if (isSet(relay.SMTP_EHLO_NAME) || fromAddress === undefined) return name ?? '';
  const byDefault = defaultEhloName(hostname(), fromAddress);
  if (byDefault === undefined) {
    fault('SMTP_EHLO_NAME', 'is missing: neither this host nor SMTP_FROM_EMAIL has a full name');
  }
  return byDefault ?? '';
}
