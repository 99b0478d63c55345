import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const BEGINNING = '-----BEGIN CERTIFICATE-----';

/** More are not the CAs of one relay. */
const OWN_CERTIFICATES_MAX = 20;

/**
 * The certificates of a PEM file, or why it cannot be used. OpenSSL accepts a file without any, and
 * silently ignores what follows a broken one. Keys and text between certificates are dropped.
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

/**
 * Subject and period of each certificate that is not valid at `now`. A larger file is the bundle of a
 * system, where some always are: it is outdated only as a whole.
 */
export function findOutdated(certificates: readonly string[], now = new Date()): string[] {
  const outdated = outdatedAmong(certificates, now);
  if (certificates.length <= OWN_CERTIFICATES_MAX) return outdated;
  return outdated.length === certificates.length ? [`all ${outdated.length} certificates`] : [];
}

function outdatedAmong(certificates: readonly string[], now: Date): string[] {
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
