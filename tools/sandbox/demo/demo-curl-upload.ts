import type { DemoFile } from './demo-file';

/** Commands for a shell that upload the file as the user of the token. */
export function curlUpload(url: string, token: string, { path, metadata }: DemoFile): string {
  const curl = [
    `curl -sS -w '\\n' '${url}'`,
    `-H "Authorization: Bearer $TOKEN"`,
    // Unlike --form, it takes a name with a semicolon as it is.
    `--form-string ${quoted(`file_metadata=${JSON.stringify([metadata])}`)}`,
    `--form ${quoted(`files=@"${path.replace(/["\\]/g, '\\$&')}"`)}`,
  ];
  return [`TOKEN='${token}'`, curl.join(' \\\n  ')].join('\n');
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
