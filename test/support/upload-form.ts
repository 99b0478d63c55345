const BOUNDARY = '----test-boundary';

export interface FormPart {
  field?: string;
  fileName?: string;
  content: string | Buffer;
}

/** A file of a form; its content is one address unless given. */
export const file = (fileName: string, content: string | Buffer = 'jane@example.org\n') => ({
  field: 'files',
  fileName,
  content,
});

export const field = (name: string, content: string): FormPart => ({ field: name, content });

/** Metadata as the dashboard sends it, one entry for each name. */
export const metadata = (...names: (string | Record<string, unknown>)[]) =>
  field(
    'file_metadata',
    JSON.stringify(
      names.map((entry) =>
        typeof entry === 'string'
          ? {
              file_name: entry,
              email_column: 'A',
              first_row_has_labels: true,
              remove_duplicates: true,
            }
          : entry,
      ),
    ),
  );

/** The bytes of a multipart form, part by part as given. */
export function formBody(parts: FormPart[], boundary = BOUNDARY): Buffer {
  const bytes = parts.flatMap(({ field: name, fileName, content }) => {
    const fileNameIfAny = fileName === undefined ? '' : `; filename="${fileName}"`;
    const nameIfAny = name === undefined ? '' : `; name="${name}"`;
    return [
      `--${boundary}\r\nContent-Disposition: form-data${nameIfAny}${fileNameIfAny}\r\n\r\n`,
      content,
      '\r\n',
    ];
  });
  return Buffer.concat(
    [...bytes, `--${boundary}--\r\n`].map((part) => Buffer.from(part as string)),
  );
}

export const formType = `multipart/form-data; boundary=${BOUNDARY}`;
