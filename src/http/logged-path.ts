import { maskAddresses } from '../../workflows/core/mask-addresses';

const PATH_MAX_CHARS = 200;

/** A path as it may be logged: without addresses, also percent-encoded ones, and not too long. */
export function loggedPath(path: string): string {
  const segments = path.slice(0, PATH_MAX_CHARS).split('/');
  return segments.map((segment) => String(maskAddresses(decodeAt(segment)))).join('/');
}

/** Encoded once or more often, as proxies do. */
function decodeAt(segment: string): string {
  return segment.replace(/%(?:25)*40/g, '@');
}
