import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of ours made the request. A browser sends cookies along whichever site made the
 * form, and says by these headers, which no page can forge, which one it was.
 */
export function isFromOwnPage(
  { 'sec-fetch-site': site, origin }: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): boolean {
  return site === 'same-origin' || (origin !== undefined && allowedOrigins.includes(origin));
}
