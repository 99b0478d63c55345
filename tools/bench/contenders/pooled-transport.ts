import { createTransport } from 'nodemailer';
import type { WorkerConfig } from '../../../src/config/config';

export type PooledTransport = ReturnType<typeof pooledTransport>;

/** nodemailer's pool as a careful user sets it up, with the numbers of connections and mails of ours. */
export function pooledTransport({ smtp }: Pick<WorkerConfig, 'smtp'>) {
  const { host, port, username, password, tls, caCertificates, connections } = smtp;
  return createTransport({
    pool: true,
    maxConnections: connections.connectionsMax,
    maxMessages: connections.messagesPerConnectionMax,
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(caCertificates.length > 0 && { tls: { ca: [...caCertificates] } }),
    auth: { user: username, pass: password },
  });
}
