/** Faults that a person has to repair: an SQLSTATE, or a pooler's code. */
const REFUSALS = new Set([
  ...['08P01', '25006', '28000', '28P01', '3D000', '3F000', '42501', '42703', '42883', '42P01'],
  ...['EADDRNOTALLOWED', 'ECIRCUITBREAKER', 'ESSLREQUIRED', 'NO_TLS'],
]);
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_)/;
const REFUSED_PARAMETER = '08P01';
/** PgBouncer uses 08P01 for every fault; these texts mean another code. */
const BOUNCER_TEXTS: [RegExp, string][] = [
  [/authentication failed|no such user/i, '28P01'],
  [/no such database|database .* does not exist/i, '3D000'],
  [/login has been failing|cannot connect to server|server conn crashed/i, '08006'],
  [/query_wait_timeout|client_login_timeout|no more connections|shut ?down/i, '08006'],
];
/** Supavisor uses XX000 for every fault, with its own code in front; older versions have no code. */
const POOLER_CODE = /^\((E[A-Z]+)\)/;
const POOLER_TEXTS: [RegExp, string][] = [
  [/tenant or user not found/i, 'ENOTFOUND'],
  [/ssl connection is required/i, 'ESSLREQUIRED'],
  [/circuit breaker open/i, 'ECIRCUITBREAKER'],
  [/max clients reached in session mode/i, 'EMAXCONNSESSION'],
  [/max client connections reached/i, 'EMAXCONN'],
];
/** Errors that the client makes itself, without a code. */
const CLIENT_TEXTS: [RegExp, string][] = [
  [/does not support SSL/, 'NO_TLS'],
  [/^SASL: .*password/, '28P01'],
  [/^Query read timeout/, 'QUERY_TIMEOUT'],
  [/timeout/, 'ETIMEDOUT'],
  [/^Connection terminated/, 'ECONNRESET'],
];

export interface DatabaseFault {
  /** An SQLSTATE, a system code or a pooler's code: never the message, which may quote a row. */
  code: string;
  /** Another attempt cannot succeed before a person changes something. */
  refused: boolean;
}

export function faultOf(err: unknown): DatabaseFault {
  const {
    code: given,
    name = 'Error',
    message = '',
  } = Object(err) as Partial<NodeJS.ErrnoException>;
  const byText = (texts: [RegExp, string][]) => texts.find(([text]) => text.test(message))?.[1];
  if (given === 'XX000') {
    const code = POOLER_CODE.exec(message)?.[1] ?? byText(POOLER_TEXTS) ?? given;
    return { code, refused: code === 'ENOTFOUND' || REFUSALS.has(code) };
  }
  const bouncer = given === REFUSED_PARAMETER ? byText(BOUNCER_TEXTS) : undefined;
  const code = bouncer ?? given ?? byText(CLIENT_TEXTS) ?? name;
  return { code, refused: REFUSALS.has(code) || CERTIFICATE.test(code) };
}
