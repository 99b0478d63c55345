import { checkServerIdentity, type ConnectionOptions } from 'node:tls';

/** Is told when the certificate of a server expires, at each full handshake. */
export type OnCertificate = (expiresAt: Date) => void;

/** TLS options that observe the certificate where the name of the server is checked. */
export function observeExpiry(
  onCertificate: OnCertificate | undefined,
): Pick<ConnectionOptions, 'checkServerIdentity'> {
  if (!onCertificate) return {};
  return {
    checkServerIdentity(host, certificate) {
      onCertificate(new Date(certificate.valid_to));
      return checkServerIdentity(host, certificate);
    },
  };
}
