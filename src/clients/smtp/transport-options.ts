import type { OnCertificate } from '../observe-expiry';
import type { SmtpTimeouts } from './timeouts';
import { type TlsMode, tlsOptions } from './tls';

export interface SmtpConfig {
  host: string;
  port: number;
  username: string;
  password: string;
  tls: TlsMode;
  /** In PEM, one certificate each: root certificates to trust besides the defaults. */
  caCertificates: readonly string[];
  /** The host name to send with EHLO. */
  ehloName: string;
  timeouts?: Partial<SmtpTimeouts>;
  onCertificate?: OnCertificate;
}

/** The part of the time before the body in which the relay must send its greeting. */
const GREETING_SHARE = 2 / 3;
const DNS_TIMEOUT_MS = 30_000;
const REPLY_MAX_BYTES = 64 * 1024;

/** nodemailer's options for a relay. */
export function transportOptions(config: SmtpConfig, { beforeBodyMs, silenceMs }: SmtpTimeouts) {
  const { host, port, username, password, tls, caCertificates, ehloName, onCertificate } = config;
  return {
    host,
    port,
    name: ehloName,
    ...tlsOptions(tls, caCertificates, onCertificate),
    auth: { user: username, pass: password },
    // Without it, nodemailer sends the mail unauthenticated to a relay that does not offer AUTH.
    forceAuth: true,
    connectionTimeout: beforeBodyMs,
    // Shorter than the timeout of the attempt, so that the failure names the missing greeting.
    greetingTimeout: Math.round(beforeBodyMs * GREETING_SHARE),
    dnsTimeout: Math.min(beforeBodyMs, DNS_TIMEOUT_MS),
    socketTimeout: silenceMs,
    maxResponseSize: REPLY_MAX_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
  };
}
