import { PASSWORD, type RealRelay, SENDER, USERNAME } from './real-relay';

/** The worker's variables for a relay. */
export function relayEnvironment({ port, caFile }: RealRelay): Record<string, string> {
  return {
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: String(port),
    SMTP_USERNAME: USERNAME,
    SMTP_PASSWORD: PASSWORD,
    SSL_CERT_FILE: caFile,
    SMTP_FROM_EMAIL: SENDER,
  };
}
