/**
 * From the start of a word only, so that the time grows with the text and not with its square. A
 * quoted local part has 64 octets at most, with its quotes (RFC 5321 §4.5.3.1.1).
 */
const ADDRESS = /(?:"[^"\r\n]{1,62}"|(?<![^\s<>"(),:;])[^\s<>"(),:;]+)@[^\s<>"'(),:;]+/g;

/** Replaces what looks like an e-mail address: logs, errors and histories never hold one. */
export function maskAddresses(text: string): string;
export function maskAddresses(text: unknown): unknown;
export function maskAddresses(text: unknown): unknown {
  return typeof text === 'string' ? replaceAddresses(text, () => '<address>') : text;
}

/** The text with something else in place of each e-mail address. */
export function replaceAddresses(text: string, replace: (address: string) => string): string {
  return text.replace(ADDRESS, replace);
}
