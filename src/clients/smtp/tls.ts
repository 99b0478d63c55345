import tls from 'node:tls';
import { observeExpiry, type OnCertificate } from '../observe-expiry';

/**
 * `starttls`: STARTTLS with a verified certificate is required. `implicit`: TLS from the first byte,
 * with a verified certificate (RFC 8314). `none`: plain text even if the relay offers STARTTLS,
 * because TLS without verification is not safer.
 */
export type TlsMode = 'starttls' | 'implicit' | 'none';

/**
 * nodemailer's TLS options. The context is created once, because each one with additional roots
 * parses about 145 certificates. Node ignores `ca` and `minVersion` next to a context.
 */
export function tlsOptions(
  mode: TlsMode,
  caCertificates: readonly string[],
  onCertificate?: OnCertificate,
) {
  const secureContext = tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ...(caCertificates.length > 0 && { ca: [...defaultRoots(), ...caCertificates] }),
  });
  return {
    secure: mode === 'implicit',
    ...(mode === 'none' ? { ignoreTLS: true } : { requireTLS: true }),
    tls: { secureContext, ...observeExpiry(onCertificate) },
  };
}

/** Includes --use-system-ca and NODE_EXTRA_CA_CERTS if this version of Node provides them. */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
