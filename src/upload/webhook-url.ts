import type { UploadRefusal } from './upload-refusal';

const WEBHOOK_URL_MAX_CHARS = 2_048;
/** URL parsers disagree about other forms, such as `https:host` and `https:\host`. */
const SCHEME_AND_SLASHES = /^https?:\/\/[^/\\]/i;
/** Hosts as `URL` normalizes them. The unspecified address also connects to the local machine. */
const LOOPBACK_HOSTS = [
  /^(?:.+\.)?localhost\.*$/,
  /^(?:127|0)\.[\d.]+$/,
  /^\[::1?\]$/,
  // IPv4 within IPv6: compatible, mapped, translated (NAT64).
  /^\[(?:::|::ffff:|64:ff9b::)7f[\da-f]{2}:[\da-f]{1,4}\]$/,
  /^\[::ffff:0:[\da-f]{1,4}\]$/,
];

/** Whether the URL names the local machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return LOOPBACK_HOSTS.some((host) => host.test(hostname));
}

/**
 * Parses the webhook URL of the caller, which only the provider calls. `allowLoopback` is for
 * development, where the provider runs on the same machine.
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
  if (!SCHEME_AND_SLASHES.test(text) || !URL.canParse(text)) return undefined;
  const [authority = ''] = text.slice(text.indexOf('//') + 2).split(/[/?#]/, 1);
  const { href } = new URL(text);
  return authority.includes('@') || href.length > WEBHOOK_URL_MAX_CHARS ? undefined : href;
}

function isAllowed(url: string, allowLoopback: boolean): boolean {
  if (isLoopback(url)) return allowLoopback;
  return new URL(url).protocol === 'https:';
}
