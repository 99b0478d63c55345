import type { Surroundings } from '../../sandbox/service/service-environment';
import { createCertificate } from '../../sandbox/relay/certificate';
import { type Part, startPart } from '../part/start-part';
import type { DistanceCalls } from './distance-part';
import type { Arrival, RelayCalls } from './relay-part';

/** Of a relay in another data centre of the same continent. */
export const FAR_ONE_WAY_MS = 20;

export interface Relays {
  part: Part<RelayCalls>;
  reach: Surroundings['relay'];
  /** The variables of the service that lead to a relay. */
  variables: Record<'starttls' | 'plain' | 'usual' | 'far', Record<string, string>>;
  close(): Promise<void>;
}

interface RelaysOptions {
  /** Whether the usual relay and the far one are in plain text, instead of over STARTTLS. */
  plain: boolean;
  onEvent(arrival: Arrival): void;
}

/** A relay over STARTTLS and one in plain text, and a long way to the usual one. */
export async function startRelays({ plain, onEvent }: RelaysOptions): Promise<Relays> {
  const certificate = await createCertificate();
  certificate.write();
  const { key, cert, caFile } = certificate;
  const part = startPart<RelayCalls>('instruments/relay-part', { onEvent });
  const distance = startPart<DistanceCalls>('instruments/distance-part');
  const ports = await part.call('start', { key, cert });
  const port = plain ? ports.plain : ports.starttls;
  const farPort = await distance.call('start', { port, oneWayMs: FAR_ONE_WAY_MS });

  const starttls = {
    SMTP_PORT: String(ports.starttls),
    SMTP_STARTTLS_REQUIRED: 'true',
    SSL_CERT_FILE: caFile,
  };
  const plainText = {
    SMTP_PORT: String(ports.plain),
    SMTP_STARTTLS_REQUIRED: 'false',
    SSL_CERT_FILE: '',
  };
  const usual = plain ? plainText : starttls;
  return {
    part,
    reach: { host: '127.0.0.1', port, username: 'bench', password: 'bench-password', caFile },
    variables: { starttls, plain: plainText, usual, far: { ...usual, SMTP_PORT: String(farPort) } },
    async close() {
      await Promise.all([part.close(), distance.close()]);
      certificate.remove();
    },
  };
}
