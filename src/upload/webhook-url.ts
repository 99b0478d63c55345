import type { UploadRefusal } from './upload-refusal';

const LONGEST = 2_048;
const LOOPBACK = /^(?:localhost|[^.]+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The callback that a caller asks for, as it was given; undefined if none was. The provider calls
 * it, never we.
 */
export function parseWebhookUrl(
  given: string | undefined,
): { webhookUrl?: string } | UploadRefusal {
  const url = given?.trim();
  if (!url) return {};
  if (url.length <= LONGEST && !/[\s\p{Cc}]/u.test(url) && URL.canParse(url) && isSafe(url)) {
    return { webhookUrl: url };
  }
  return { code: 'webhook_url_invalid', detail: 'webhook_url must be an https URL' };
}

/** Https, or http within this machine, for development. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
