import { refusal } from '../http/errors';
import { withFileName } from './file-name';
import type { UploadRefusal } from './upload-refusal';

export const badUpload = ({ code, detail }: UploadRefusal) => refusal(400, code, detail);

export const invalidForm = () =>
  refusal(400, 'form_invalid', 'The body is not a complete multipart/form-data form');
export const tooManyFiles = (filesMax: number) =>
  refusal(400, 'too_many_files', `At most ${filesMax} files can be uploaded at once`);
export const fieldTooLarge = () => refusal(413, 'field_too_large', 'A form field is too large');
export const formTooLarge = () => refusal(413, 'form_too_large', 'The form is too large');
export const fileTooLarge = (fileMaxMib: number, fileName: string) => {
  const detail = `A file exceeds the maximum size of ${fileMaxMib} MB`;
  const named = withFileName({ code: 'file_too_large', detail }, fileName);
  return refusal(413, named.code, named.detail);
};
