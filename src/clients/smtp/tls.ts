import tls from 'node:tls';

/**
 * How the connection is secured. `starttls`: by STARTTLS with a verified certificate, or no mail.
 * `implicit`: TLS from the first byte, verified (RFC 8314). `none`: plain text even where the relay
 * offers STARTTLS, since a certificate that is not verified is worth no more.
 */
export type TlsMode = 'starttls' | 'implicit' | 'none';

/**
 * nodemailer's options for it. The context is made once: with roots of our own each one parses some
 * 145 certificates. `ca` and `minVersion` beside a context would be ignored.
 */
export function tlsOptions(mode: TlsMode, caCertificates: readonly string[]) {
  const secureContext = tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ...(caCertificates.length > 0 && { ca: [...defaultRoots(), ...caCertificates] }),
  });
  return {
    secure: mode === 'implicit',
    ...(mode === 'none' ? { ignoreTLS: true } : { requireTLS: true }),
    tls: { secureContext },
  };
}

/** With what --use-system-ca and NODE_EXTRA_CA_CERTS add, where this Node can tell. */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
