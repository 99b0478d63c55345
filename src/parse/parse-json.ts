/** The JSON value of a text, or of its UTF-8 bytes; undefined if it is none. */
export function parseJson(json: string | Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
