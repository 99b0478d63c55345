import type { SmtpConfig } from '../clients/smtp/connection-options';
import { createMailer, type RelayMailer } from '../clients/smtp/mailer';
import { findOutdated } from '../config/ca-certificates';
import type { WorkerConfig } from '../config/config';
import type { Logger } from '../telemetry/logger';

/** What sends a worker's mails. */
export function createRelayMailer(
  { smtp }: Pick<WorkerConfig, 'smtp'>,
  logger: Logger,
  observers?: Pick<SmtpConfig, 'onCertificate' | 'onConnection'>,
): RelayMailer {
  for (const certificate of findOutdated(smtp.caCertificates)) {
    logger.warn({ variable: 'SSL_CERT_FILE', certificate }, 'worker.ca_certificate_outdated');
  }
  return createMailer({ ...smtp, ...observers });
}
