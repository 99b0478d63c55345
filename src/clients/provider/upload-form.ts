/** Fields by name; an undefined one is left out. */
export type FormFields = Record<string, string | undefined>;

/** The multipart form of one file, in the two parts around its content. */
export function createUploadForm(boundary: string, fileName: string) {
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head:
      `--${boundary}\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${escapeQuotes(fileName)}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
    tail(fields: FormFields): string {
      const parts = Object.entries(fields).map(([name, value]) =>
        value === undefined
          ? ''
          : `\r\n--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
      );
      return `${parts.join('')}\r\n--${boundary}--\r\n`;
    },
  };
}

/**
 * Escapes with a backslash, which servers undo (RFC 7578 §4.2 with RFC 2183); few undo the `%22` of
 * browsers. The upload route refuses file names with a backslash or a line break.
 */
function escapeQuotes(fileName: string): string {
  return fileName.replace(/["\\]/g, '\\$&').replace(/[\r\n]/g, ' ');
}
