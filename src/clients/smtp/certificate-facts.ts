import type { TLSSocket } from 'node:tls';

const DAY_MS = 86_400_000;

export interface CertificateFacts {
  /** The names that it is for. */
  names: string[];
  issuer: string;
  validTo: Date;
  /** Whole days; below 0 for one that has expired by more than a day. */
  daysLeft: number;
  protocol: string;
  /** Why it is not accepted: OpenSSL's or Node's code. */
  fault?: string;
}

/** What a peer has shown. Of an error only the code is kept. */
export function certificateFacts(socket: TLSSocket): CertificateFacts {
  const { subject, issuer, subjectaltname, valid_to } = socket.getPeerCertificate();
  const validTo = new Date(valid_to);
  const names = (subjectaltname?.split(', ') ?? []).map((name) => name.replace(/^[^:]*:/, ''));
  // A string here, whatever the types say.
  const fault = socket.authorizationError as unknown as string | null;
  return {
    names: names.length > 0 ? names : [first(subject?.CN) ?? 'no name'],
    issuer: first(issuer?.O) ?? first(issuer?.CN) ?? 'unknown',
    validTo,
    daysLeft: Math.trunc((validTo.getTime() - Date.now()) / DAY_MS),
    protocol: socket.getProtocol() ?? 'TLS',
    ...(fault && { fault: String(fault) }),
  };
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
