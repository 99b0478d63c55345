/** From the start of a word only, so that the time grows with the text and not with its square. */
const ADDRESS = /(?<![^\s<>"(),:;])[^\s<>"(),:;]+@[^\s<>"'(),:;]+/g;

/** Replaces what looks like an e-mail address: logs and errors never hold one. */
export function maskAddresses(text: unknown): unknown {
  return typeof text === 'string' ? text.replace(ADDRESS, '<address>') : text;
}
