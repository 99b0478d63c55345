import { Gauge, type Registry } from 'prom-client';

/** Whose certificate it is: a server's as TLS shows it, or our own for Temporal. */
export type CertificateOwner = 'relay' | 'database' | 'temporal_client';

/** When what this process uses stops being valid; absent as long as it is not known. */
export function createExpiryMetrics(registry: Registry) {
  const certificates = new Gauge({
    name: 'bulk_notify_certificate_expiry_timestamp_seconds',
    help: 'When a certificate expires, by owner: relay, database (as last seen by TLS), temporal_client',
    labelNames: ['owner'],
    registers: [registry],
  });
  const keys = new Gauge({
    name: 'bulk_notify_key_expiry_timestamp_seconds',
    help: 'When a key that names its own end expires, by the variable that holds it',
    labelNames: ['variable'],
    registers: [registry],
  });
  return {
    certificateExpires: (owner: CertificateOwner, at: Date) =>
      certificates.set({ owner }, at.getTime() / 1_000),
    keyExpires: (variable: string, at: Date) => keys.set({ variable }, at.getTime() / 1_000),
  };
}
