import { X509Certificate } from 'node:crypto';
import { keyExpiry } from '../auth/key-expiry';
import type { TemporalConfig } from '../config/read-temporal';
import type { Metrics } from '../telemetry/metrics';

/** Shows when the configured certificate and keys expire, of those that say so. */
export function reportExpiry(
  { connectionOptions: { tls, apiKey } }: Pick<TemporalConfig, 'connectionOptions'>,
  otherKeys: Record<string, string | undefined>,
  { certificateExpires, keyExpires }: Metrics['expiry'],
): void {
  const certificate = typeof tls === 'object' ? tls?.clientCertPair?.crt : undefined;
  if (certificate) {
    certificateExpires('temporal_client', new Date(new X509Certificate(certificate).validTo));
  }
  const keys = {
    ...otherKeys,
    TEMPORAL_API_KEY: typeof apiKey === 'string' ? apiKey : undefined,
  };
  for (const [variable, key] of Object.entries(keys)) {
    const expiresAt = key === undefined ? undefined : keyExpiry(key);
    if (expiresAt) keyExpires(variable, expiresAt);
  }
}
