import type { OnCertificate } from '../observe-expiry';
import type { ConnectionLimits } from './kept-connections';
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
  connections?: Partial<ConnectionLimits>;
  onCertificate?: OnCertificate;
  onConnection?: OnConnection;
}

/**
 * `replaced`: a kept connection had ended, or the relay wanted no further message over it. `limited`: the
 * relay said that there are too many. `out_of_step`: it replied while no command was pending.
 */
export type ConnectionEvent = 'opened' | 'failed' | 'replaced' | 'limited' | 'out_of_step';
export type OnConnection = (event: ConnectionEvent) => void;

/** The part of the time before the body in which the relay must send its greeting. */
const GREETING_SHARE = 2 / 3;
const DNS_TIMEOUT_MS = 30_000;
const REPLY_MAX_BYTES = 64 * 1024;

export type ConnectionOptions = ReturnType<typeof connectionOptions>;

/** nodemailer's options for a connection to the relay. */
export function connectionOptions(config: SmtpConfig, { beforeBodyMs, silenceMs }: SmtpTimeouts) {
  const { host, port, tls, caCertificates, ehloName, onCertificate } = config;
  return {
    host,
    port,
    name: ehloName,
    ...tlsOptions(tls, caCertificates, onCertificate),
    connectionTimeout: beforeBodyMs,
    // Shorter than the timeout of the attempt, so that the failure names the missing greeting.
    greetingTimeout: Math.round(beforeBodyMs * GREETING_SHARE),
    dnsTimeout: Math.min(beforeBodyMs, DNS_TIMEOUT_MS),
    socketTimeout: silenceMs,
    maxResponseSize: REPLY_MAX_BYTES,
    transactionLog: true,
  };
}
