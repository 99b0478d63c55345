/** A part outside this service; its variables and its failures are an operator's business. */
export type Part = 'provider' | 'relay' | 'database';

/** The variables that name the database: for the service, and with the login of operators. */
export type DatabaseVariable = 'DATABASE_URL' | 'ADMIN_DATABASE_URL';

interface Names {
  name: string;
  /** The variable that says where the part is. */
  place: string;
  /** The variable that names a file of further roots to trust. */
  ca: string;
}

const NAMES: Record<Exclude<Part, 'database'>, Names> = {
  provider: { name: 'the provider', place: 'EMAIL_API_BASE_URL', ca: 'NODE_EXTRA_CA_CERTS' },
  relay: { name: 'the relay', place: 'SMTP_SERVER', ca: 'SSL_CERT_FILE' },
};

/** Failures below the protocol, which are alike for every part. */
function connectionRemedies({ name, place, ca }: Names): Record<string, string> {
  const renew = `Have the certificate of ${name} (${place}) renewed, or correct this machine's clock.`;
  const trust = `Put the CA that issued the certificate of ${name} into the file of ${ca}.`;
  const versions = `Have ${name} (${place}) offer TLS 1.2 or newer with a current cipher.`;
  const client = `Point ${place} to an address that asks for no client certificate.`;
  const check = `Check that ${name} runs and that the host and port in ${place} are right.`;
  const network = `Check ${place} and the network's rules: this machine cannot reach ${name}.`;
  return {
    CERT_HAS_EXPIRED: renew,
    CERT_NOT_YET_VALID: renew,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: `Have ${name} send its whole certificate chain, or put the missing CA into the file of ${ca}.`,
    UNABLE_TO_GET_ISSUER_CERT: trust,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
    SELF_SIGNED_CERT_IN_CHAIN: trust,
    DEPTH_ZERO_SELF_SIGNED_CERT: `Put the self-signed certificate of ${name} into the file of ${ca}, or have it replaced.`,
    ERR_TLS_CERT_ALTNAME_INVALID: `Set ${place} to a name that the certificate of ${name} carries.`,
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: versions,
    ERR_SSL_UNSUPPORTED_PROTOCOL: versions,
    ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: versions,
    ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: client,
    ENOTFOUND: `Correct the host name in ${place}: it is not in the DNS.`,
    EAI_AGAIN: `Check this machine's DNS: it cannot resolve the host name in ${place}.`,
    ECONNREFUSED: check,
    ETIMEDOUT: network,
    EHOSTUNREACH: network,
    ENETUNREACH: network,
  };
}

const KEY =
  'Correct EXTERNAL_API_ADMIN_KEY (or the first of DEV_API_KEYS): the provider refuses it.';

const PROVIDER: Record<string, string> = {
  '401': KEY,
  '403': KEY,
};

const NO_LOGIN_HERE =
  'Correct SMTP_SERVER and SMTP_PORT: the relay offers no login there (submission is port 587 or 465).';
const LOGIN = 'Correct SMTP_USERNAME or SMTP_PASSWORD: the relay refuses the login.';

const RELAY: Record<string, string> = {
  NO_STARTTLS:
    'Correct SMTP_SERVER and SMTP_PORT: the relay offers no STARTTLS there; only for a relay in your own network set SMTP_TLS=none.',
  NO_AUTH: NO_LOGIN_HERE,
  ERR_SSL_WRONG_VERSION_NUMBER:
    'Set SMTP_TLS=starttls (port 587), or correct SMTP_PORT: this port does not begin with TLS.',
  GREETING_TIMEOUT:
    'If the relay speaks TLS from the first byte on this port, set SMTP_TLS=implicit; else check SMTP_SERVER and SMTP_PORT: no greeting came.',
  EHLO_REFUSED:
    'Set SMTP_EHLO_NAME to the full name of this host as the DNS knows it, both ways: the relay objects to the name or the address.',
  SENDER_REFUSED:
    'Set SMTP_FROM_EMAIL to an address that SMTP_USERNAME may send from, and have it verified at the relay.',
  SENDER_DOMAIN:
    'Repair SPF, DKIM and DMARC in the DNS of the domain of SMTP_FROM_EMAIL, or the signing at the relay.',
  RELAY_DENIED:
    'Check SMTP_USERNAME, SMTP_FROM_EMAIL and what the relay allows this host: it refuses to take the mail further.',
  MESSAGE_HELD:
    "Check the account of SMTP_USERNAME, SMTP_FROM_EMAIL and the templates with the relay's operator: it refuses the message for a reason that may be ours.",
  QUOTA:
    "Raise the sending limit of the account of SMTP_USERNAME, or set SMTP_MAX_PER_SECOND below it: the relay's quota is used up.",
  RATE: 'Set SMTP_MAX_PER_SECOND below what the relay allows, if it says so often.',
  REFUSES_EVERYONE:
    'Check SMTP_FROM_EMAIL and the account of SMTP_USERNAME at the relay. Once it takes mail again, resend what was parked as refused before.',
  '454':
    'Ask the operator of SMTP_SERVER if this lasts: its TLS or its login is out of order; set SMTP_MAX_PER_SECOND if it counts logins.',
  '530':
    'Set SMTP_TLS=starttls and check SMTP_USERNAME and SMTP_PASSWORD: the relay wants TLS or a login first.',
  '534': 'Put an app password into SMTP_PASSWORD: the relay refuses this kind of login.',
  '535': LOGIN,
  '538': 'Set SMTP_TLS=starttls: the relay takes a login only over TLS.',
};

const SETUP = 'Run `bulk-notify setup` of this version: the database lacks a table or a function.';
/** `url` is the variable that names the database. */
function databaseRemedies(url: DatabaseVariable): Record<string, string> {
  const tlsWanted = `Add sslmode=require to ${url}: the database takes no connection in clear.`;
  const connections = `Allow more connections to the database of ${url}, or run fewer workers.`;
  return {
    ...connectionRemedies({ name: 'the database', place: url, ca: 'DATABASE_CA_FILE' }),
    '08P01': `Remove the parameters from ${url} that the pooler does not know (options, statement_timeout).`,
    '25006': `Point ${url} to the primary: this database is read-only.`,
    '28000': `Correct the user in ${url}, or add sslmode=require: the database does not admit it as it is.`,
    '28P01': `Correct the user or the password in ${url}.`,
    '3D000': `Correct the name of the database in ${url}: there is none of this name.`,
    '3F000': SETUP,
    '42501': `Grant the user of ${url} what docs/ledger.md names, or run \`bulk-notify setup\` again.`,
    '42703': SETUP,
    '42883': SETUP,
    '42P01': SETUP,
    '53300': connections,
    EMAXCONN: connections,
    EMAXCONNSESSION: connections,
    EADDRNOTALLOWED: `Allow this machine's address in the network restrictions of ${url}.`,
    ECIRCUITBREAKER: `Correct ${url}: the pooler refuses all logins for minutes after failed ones.`,
    ENOTFOUND: `Correct the host in ${url} (at a pooler also the user, such as postgres.REF), and resume the project if it is paused.`,
    ESSLREQUIRED: tlsWanted,
    NO_RECIPIENTS:
      'Let the owner of the ledger read public.profiles and auth.users: `bulk-notify setup` names what is missing.',
    NO_TLS: `Have the database of ${url} offer TLS; sslmode=disable is for a network of your own.`,
  };
}

const DATABASE: Record<DatabaseVariable, Record<string, string>> = {
  DATABASE_URL: databaseRemedies('DATABASE_URL'),
  ADMIN_DATABASE_URL: databaseRemedies('ADMIN_DATABASE_URL'),
};

const REMEDIES: Record<Exclude<Part, 'database'>, Record<string, string>> = {
  provider: { ...connectionRemedies(NAMES.provider), ...PROVIDER },
  relay: { ...connectionRemedies(NAMES.relay), ...RELAY },
};

/**
 * What an operator can do about a failure, in one sentence that names the variable to change; of the
 * database, `variable` is the one that named it.
 */
export function remedyFor(
  part: Part,
  code: string | undefined,
  variable: DatabaseVariable = 'DATABASE_URL',
): string | undefined {
  const remedies = part === 'database' ? DATABASE[variable] : REMEDIES[part];
  return code !== undefined && Object.hasOwn(remedies, code) ? remedies[code] : undefined;
}
