import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const BEGINNING = '-----BEGIN CERTIFICATE-----';

/**
 * The certificates of a PEM file, or why it cannot be used. OpenSSL would take a file without any,
 * and stop without a word at the first broken one. Keys and text between the certificates are
 * left out.
 */
export function parseCaCertificates(pem: string): { certificates: string[] } | { fault: string } {
  const certificates = pem.match(BLOCK) ?? [];
  const announced = pem.split(BEGINNING).length - 1;
  if (announced === 0) return { fault: 'names a file without a certificate in PEM form' };
  const broken = certificates.findIndex((certificate) => !isReadable(certificate));
  if (broken >= 0) return { fault: `names a file whose certificate ${broken + 1} cannot be read` };
  if (announced > certificates.length) return { fault: 'names a file with a certificate cut off' };
  return { certificates };
}

/** What each certificate outside its time is called, for a warning: the others may suffice. */
export function findOutdated(certificates: readonly string[], now = new Date()): string[] {
  return certificates
    .map((certificate) => new X509Certificate(certificate))
    .filter(({ validFrom, validTo }) => now < new Date(validFrom) || now > new Date(validTo))
    .map(({ subject, validFrom, validTo }) => {
      const name = subject?.split('\n').join(', ') || 'without a name';
      return `${name}: valid from ${validFrom} to ${validTo}`;
    });
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).raw.length > 0;
  } catch {
    return false;
  }
}
