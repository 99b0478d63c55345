import { parseJson } from './parse-json';

export type JsonFault = 'too_many_members' | 'not_utf8' | 'not_json';
export type BoundedJson = { value: unknown } | { fault: JsonFault };

const MIB = 2 ** 20;
/** JSON takes at most 30 bytes of heap per byte, whatever its shape: 240 MB for this size. */
const UNCHECKED_MAX_BYTES = 8 * MIB;
/**
 * 10,000 addresses have 70,000 objects and arrays. The limit also bounds the depth: the parser does
 * not recurse, and no other code may walk the tree.
 */
const CONTAINERS_MAX = 250_000;
/**
 * 150 values for each of 10,000 addresses; the provider sends about 40. This many distinct keys take
 * 170 MB of heap; 3.5 million would exhaust a heap of 512 MB.
 */
const MEMBERS_MAX = 1_500_000;

const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/** Parses JSON in strict UTF-8. Refuses values whose tree could exhaust the heap. */
export function parseBoundedJson(bytes: Buffer): BoundedJson {
  if (hasTooManyMembers(bytes)) return { fault: 'too_many_members' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { fault: 'not_utf8' };
  }
  const value = parseJson(text);
  return value === undefined ? { fault: 'not_json' } : { value };
}

/**
 * A tree has as many values as commas and opening brackets. Those within strings count too, so the
 * count can be too high. Uses `indexOf`, because a loop would take a third of the parser's time.
 */
export function hasTooManyMembers(bytes: Buffer): boolean {
  const objects = countUpTo(CONTAINERS_MAX + 1, bytes, OPENING_BRACE);
  const containers = objects + countUpTo(CONTAINERS_MAX + 1, bytes, OPENING_BRACKET);
  if (containers > CONTAINERS_MAX) return true;
  if (bytes.length <= UNCHECKED_MAX_BYTES) return false;
  return containers + countUpTo(MEMBERS_MAX + 1, bytes, COMMA) > MEMBERS_MAX;
}

function countUpTo(max: number, bytes: Buffer, byte: number): number {
  let count = 0;
  let at = bytes.indexOf(byte);
  while (at !== -1 && count < max) {
    count += 1;
    at = bytes.indexOf(byte, at + 1);
  }
  return count;
}
