import { SignJWT } from 'jose';
import { X509Certificate } from 'node:crypto';
import { reportExpiry } from '../../src/commands/report-expiry';
import { createMetrics } from '../../src/telemetry/metrics';
import { generateCertificate } from '../../tools/sandbox/relay/certificate';

const sign = (jwt: SignJWT) =>
  jwt.setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 'a key of this test'));

/** What a scrape shows of expiry. */
async function reported(...[temporal, keys]: [object, Record<string, string | undefined>]) {
  const { registry, expiry } = createMetrics();
  reportExpiry({ connectionOptions: temporal }, keys, expiry);
  return (await registry.metrics())
    .split('\n')
    .filter((line) => /^bulk_notify_\w+_expiry/.test(line));
}

describe('reportExpiry', () => {
  it('shows the client certificate for Temporal', async () => {
    const { key, cert } = await generateCertificate('worker.example');
    const clientCertPair = { crt: Buffer.from(cert), key: Buffer.from(key) };

    const lines = await reported({ tls: { clientCertPair } }, {});

    const ends = Date.parse(new X509Certificate(cert).validTo) / 1_000;
    expect(lines).toEqual([
      `bulk_notify_certificate_expiry_timestamp_seconds{owner="temporal_client"} ${ends}`,
    ]);
  });

  it('shows keys that name their end, by variable and without the key', async () => {
    const apiKey = await sign(new SignJWT({}).setExpirationTime(1_900_000_000));
    const keys = { SUPABASE_ANON_KEY: 'sb_publishable_abc', OTHER: undefined };

    expect(await reported({ apiKey, tls: true }, keys)).toEqual([
      'bulk_notify_key_expiry_timestamp_seconds{variable="TEMPORAL_API_KEY"} 1900000000',
    ]);
  });

  it('shows nothing for a key that names no end', async () => {
    expect(await reported({ apiKey: 'opaque' }, {})).toEqual([]);
  });
});
