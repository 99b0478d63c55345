import { maskAddresses } from '../../workflows/core/mask-addresses';

const PATH_MAX_CHARS = 200;

/** The path for logs: shortened, and with addresses masked, also percent-encoded ones. */
export function loggedPath(path: string): string {
  const segments = path.slice(0, PATH_MAX_CHARS).split('/');
  return segments.map((segment) => String(maskAddresses(decodeAtSigns(segment)))).join('/');
}

/** Proxies encode paths again, so that `@` can be encoded several times. */
function decodeAtSigns(segment: string): string {
  return segment.replace(/%(?:25)*40/g, '@');
}
