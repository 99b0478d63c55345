import type { BulkUploadEvent } from '../../workflows/core/event';

/** Why a well-formed webhook starts nothing. */
export type IgnoredReason = 'event_type_not_supported' | 'task_id_missing' | 'not_task_completion';

/** The fields of the body. Whether they can be trusted depends on the signature, not on the format. */
export type WebhookEvent = Omit<BulkUploadEvent, 'isVerified'>;

export type ParsedWebhook =
  { event: WebhookEvent } | { ignored: IgnoredReason } | { malformed: string };

/** The webhooks of one provider: where they arrive, how they are signed and what they contain. */
export interface WebhookFormat {
  path: string;
  /** In lower case. */
  signatureHeader: string;
  /** Whether the header could be a signature of any body; checked before the body is read. */
  isSignature(header: string): boolean;
  /** Returns the index of the secret that signed the body, or -1. */
  verify(body: Buffer, signature: string, secrets: readonly string[]): number;
  parse(body: Buffer): ParsedWebhook;
}
