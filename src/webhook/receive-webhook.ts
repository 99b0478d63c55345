import type { IncomingMessage } from 'node:http';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { signatureInvalid, signatureMissing } from './errors';
import type { ParsedWebhook, WebhookFormat } from './format';

/** A provider that sends webhooks. */
export interface WebhookSource {
  format: WebhookFormat;
  /** The current one first. Without any, signatures are not checked. */
  secrets: readonly string[];
}

export interface ReceiveDependencies {
  readBody: (request: IncomingMessage) => Promise<Buffer>;
  logger: Logger;
  metrics: Pick<Metrics, 'signatures'>;
}

/**
 * Checks the signature header, reads the body, verifies it and parses it. Returns scalars only, so
 * that the body is freed before the answer, which may wait for half a minute.
 */
export async function receiveWebhook(
  deps: ReceiveDependencies,
  { format, secrets }: WebhookSource,
  request: IncomingMessage,
): Promise<ParsedWebhook> {
  const signature = secrets.length > 0 ? requireSignature(deps, format, request) : undefined;
  const body = await deps.readBody(request);
  if (signature !== undefined) {
    const index = format.verify(body, signature, secrets);
    if (index === -1) throw invalid(deps);
    const webhook = format.parse(body);
    // The doctor's probes are of a type that does not exist, and say nothing about the sender's key.
    if (!('ignored' in webhook) || webhook.ignored !== 'event_type_not_supported') {
      deps.metrics.signatures.inc({ secret: index === 0 ? 'current' : 'previous' });
    }
    return webhook;
  }
  return format.parse(body);
}

/** Refuses a request that cannot be signed before any of its body is read. */
function requireSignature(
  deps: ReceiveDependencies,
  format: WebhookFormat,
  request: IncomingMessage,
): string {
  const [header] = request.headersDistinct[format.signatureHeader] ?? [];
  if (!header?.trim()) {
    deps.logger.warn('bulk_upload_notification.signature_missing');
    throw signatureMissing();
  }
  if (!format.isSignature(header)) throw invalid(deps);
  return header;
}

function invalid({ logger }: ReceiveDependencies): Error {
  logger.warn('bulk_upload_notification.signature_invalid');
  return signatureInvalid();
}
