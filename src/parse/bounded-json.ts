export type JsonFault = 'too_many_members' | 'not_utf8' | 'not_json';
export type BoundedJson = { value: unknown } | { fault: JsonFault };

const MIB = 2 ** 20;
/** Of any shape, so little JSON takes at most 30 bytes of heap a byte, 240 MB in all. */
const HARMLESS_BYTES = 8 * MIB;
/**
 * 10,000 addresses have 70,000 objects and arrays. Their number bounds the depth as well: the parser
 * does not recurse, and nothing else may walk the tree.
 */
const CONTAINERS_MAX = 250_000;
/**
 * For 10,000 addresses, 150 values each; the provider sends about 40. So many distinct keys take
 * 170 MB of heap; 3.5 million end a process with 512 MB.
 */
const MEMBERS_MAX = 1_500_000;

const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/** The value of JSON in strict UTF-8; builds no tree that would endanger the heap. */
export function parseBoundedJson(bytes: Buffer): BoundedJson {
  if (hasTooManyMembers(bytes)) return { fault: 'too_many_members' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { fault: 'not_utf8' };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'not_json' };
  }
}

/**
 * A tree has as many values as commas and opening brackets; those within strings count too, which
 * overstates it. Native searches: a loop over the bytes would cost a third of the parser's time.
 */
export function hasTooManyMembers(bytes: Buffer): boolean {
  const objects = countUpTo(CONTAINERS_MAX + 1, bytes, OPENING_BRACE);
  const containers = objects + countUpTo(CONTAINERS_MAX + 1, bytes, OPENING_BRACKET);
  if (containers > CONTAINERS_MAX) return true;
  if (bytes.length <= HARMLESS_BYTES) return false;
  return containers + countUpTo(MEMBERS_MAX + 1, bytes, COMMA) > MEMBERS_MAX;
}

function countUpTo(enough: number, bytes: Buffer, byte: number): number {
  let count = 0;
  let at = bytes.indexOf(byte);
  while (at !== -1 && count < enough) {
    count += 1;
    at = bytes.indexOf(byte, at + 1);
  }
  return count;
}
