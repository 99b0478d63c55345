import type { UploadRefusal } from './upload-refusal';

const WEBHOOK_URL_MAX_CHARS = 2_048;
/** Readers of URLs differ about what else may stand before the host (`https:host`, `https:\host`). */
const BEGINNING = /^https?:\/\/[^/\\]/i;
/** Hosts as `URL` normalises them. The unspecified address connects to the machine itself too. */
const LOOPBACK_HOSTS = [
  /^(?:.+\.)?localhost\.*$/,
  /^(?:127|0)\.[\d.]+$/,
  /^\[::1?\]$/,
  // IPv4 within IPv6: compatible, mapped, translated (NAT64).
  /^\[(?:::|::ffff:|64:ff9b::)7f[\da-f]{2}:[\da-f]{1,4}\]$/,
  /^\[::ffff:0:[\da-f]{1,4}\]$/,
];

/** Whether the URL names the machine that asks for it. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return LOOPBACK_HOSTS.some((host) => host.test(hostname));
}

/**
 * The callback that a caller asks for, normalised; undefined if none was given. The provider calls
 * it, never we. `allowLoopback` is for development, where the provider runs on the same machine.
 */
export function parseWebhookUrl(
  given: string | undefined,
  { allowLoopback }: { allowLoopback: boolean },
): { webhookUrl?: string } | UploadRefusal {
  const text = given?.trim();
  if (!text) return {};
  const url = normalize(text);
  if (url !== undefined && isAllowed(url, allowLoopback)) return { webhookUrl: url };
  return { code: 'webhook_url_invalid', detail: 'webhook_url must be an https URL' };
}

function normalize(text: string): string | undefined {
  if (text.length > WEBHOOK_URL_MAX_CHARS || /[\s\p{Cc}\\]/u.test(text)) return undefined;
  if (!BEGINNING.test(text) || !URL.canParse(text)) return undefined;
  const [authority = ''] = text.slice(text.indexOf('//') + 2).split(/[/?#]/, 1);
  const { href } = new URL(text);
  return authority.includes('@') || href.length > WEBHOOK_URL_MAX_CHARS ? undefined : href;
}

function isAllowed(url: string, allowLoopback: boolean): boolean {
  if (isLoopback(url)) return allowLoopback;
  return new URL(url).protocol === 'https:';
}
