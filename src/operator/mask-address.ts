const ELLIPSIS = '…';
const PRINTABLE = /^[^\p{C}\p{Z}@]$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]{1,253}$/u;

/** `a…@example.com`: enough to recognize an address that one knows, and not to learn one. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = [...address.slice(0, Math.max(at, 0))];
  const domain = address.slice(at + 1);
  if (at < 0 || !DOMAIN.test(domain)) return ELLIPSIS;
  const [first = '', second] = local;
  const shown = second !== undefined && PRINTABLE.test(first) ? first : '';
  return `${shown}${ELLIPSIS}@${domain}`;
}
