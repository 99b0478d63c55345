import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether one of our own pages made the request. Browsers send cookies with the forms of any site;
 * these headers, which a page cannot forge, name the site that made the request.
 */
export function isFromOwnPage(
  { 'sec-fetch-site': site, origin }: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
): boolean {
  return site === 'same-origin' || (origin !== undefined && allowedOrigins.includes(origin));
}
