/** Parses JSON text or its UTF-8 bytes. Returns undefined if it is not JSON. */
export function parseJson(json: string | Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
