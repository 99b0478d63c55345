/** A header such as `form-data; name="files"; filename="a.csv"`. */
export interface ParameterizedHeader {
  /** In lower case. */
  value: string;
  /** By name in lower case. */
  parameters: Map<string, string>;
}

/**
 * Parses a header in UTF-8 that Node has decoded as Latin-1. Returns undefined when a parameter
 * occurs twice or a quote is not closed, because parsers disagree about the meaning.
 */
export function parseHeaderParameters(latin1: string): ParameterizedHeader | undefined {
  const header = Buffer.from(latin1, 'latin1').toString();
  const parameters = new Map<string, string>();
  const semicolon = endOf(header, ';', 0);
  let at = semicolon;
  while (at < header.length) {
    const end = endOf(header, ';', at + 1);
    const equals = header.slice(at + 1, end).indexOf('=');
    const name = header.slice(at + 1, equals < 0 ? end : at + 1 + equals);
    const start = skipBlanks(header, at + 1 + equals + 1);
    at = end;
    if (equals < 0) continue;
    let text = header.slice(start, end).trim();
    if (header[start] === '"') {
      const quoted = readQuoted(header, start + 1);
      if (!quoted) return undefined;
      text = quoted.text;
      at = endOf(header, ';', quoted.end);
    }
    const key = name.trim().toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, text);
  }
  return { value: header.slice(0, semicolon).trim().toLowerCase(), parameters };
}

/** Browsers do not escape backslashes; other clients escape quotes and backslashes with one. */
function readQuoted(header: string, start: number): { text: string; end: number } | undefined {
  let text = '';
  for (let at = start; at < header.length; at += 1) {
    const next = header[at + 1] ?? '';
    if (header[at] === '"') return { text, end: at + 1 };
    if (header[at] === '\\' && /["\\]/.test(next)) at += 1;
    text += header[at];
  }
  return undefined;
}

function endOf(header: string, character: string, start: number): number {
  const found = header.indexOf(character, start);
  return found < 0 ? header.length : found;
}

function skipBlanks(header: string, start: number): number {
  let at = start;
  while (header[at] === ' ' || header[at] === '\t') at += 1;
  return at;
}

/** The text of `filename*=UTF-8''a%20b.csv` (RFC 8187), or undefined if it is malformed. */
export function decodeExtendedValue(value: string): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(value) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
