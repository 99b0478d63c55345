import { generate } from 'selfsigned';

/** A certificate that is its own authority, for the given name or, without one, for 127.0.0.1. */
export async function relayCertificate(dnsName?: string): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'test relay' }], {
    keyType: 'ec',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [dnsName ? { type: 2, value: dnsName } : { type: 7, ip: '127.0.0.1' }],
      },
    ],
  });
  return { key, cert };
}
