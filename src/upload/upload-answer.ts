import type { Uploaded, UploadFault } from '../clients/provider/upload-result';

export interface FileResult {
  fileName: string;
  result: Uploaded | UploadFault;
}

interface Answer {
  status: number;
  body: object;
  retryAfter?: number;
}

/** The answer for a file that the provider does not have, or may not have. */
interface FileError {
  status: number;
  code: string;
  detail: string;
  /** The code of the provider's error. */
  provider_code?: string;
  /** In seconds. */
  retry_after?: number;
  /** Present if the provider created a task although the answer is incomplete. */
  task_id?: string;
}

/**
 * All files accepted: 200 with the list of uploads. None: one refusal with the status that all share,
 * or 502. Some: 207 with the list of uploads and errors, so that an error does not hide an upload.
 */
export function uploadAnswer(results: readonly FileResult[]): Answer {
  const files = results.map(({ fileName, result }) =>
    'fault' in result ? { filename: fileName, error: toError(result) } : toUpload(fileName, result),
  );
  const errors = files.flatMap((file) => ('error' in file ? [file.error] : []));
  const [first] = errors;
  if (!first) return { status: 200, body: files };
  if (errors.length < files.length) return { status: 207, body: files };
  const status = errors.every((error) => error.status === first.status) ? first.status : 502;
  const retryAfter = Math.max(...errors.map(({ retry_after: seconds = 0 }) => seconds));
  return { status, body: refusalOf(files, errors, first, status), retryAfter };
}

function refusalOf(files: object[], errors: FileError[], first: FileError, status: number) {
  if (errors.length === 1) return { ...first, status: undefined, retry_after: undefined };
  const { code, detail } = first;
  const alike = errors.every((error) => error.code === code);
  const summary = alike && status === first.status ? { detail, code } : NONE_ACCEPTED;
  return { ...summary, files };
}

const NONE_ACCEPTED = { detail: 'No file could be uploaded', code: 'upload_failed' };

function toUpload(sentName: string, uploaded: Uploaded) {
  const { taskId, uploadId, fileName, emailCount, status, message, uploadedAt } = uploaded;
  return {
    filename: fileName ?? sentName,
    task_id: taskId,
    upload_id: uploadId ?? null,
    uploaded_at: uploadedAt ?? null,
    status: status ?? null,
    message: message ?? null,
    email_count: emailCount,
  };
}

const MAYBE_ACCEPTED = ' The provider may have accepted the file: check your tasks.';

function toError(fault: UploadFault): FileError {
  const doubt = fault.sent ? MAYBE_ACCEPTED : '';
  switch (fault.fault) {
    case 'refused':
      return {
        status: fault.status,
        code: fault.status < 500 ? 'upload_refused' : 'provider_failed',
        // Errors of the provider itself are not the caller's to read.
        detail: (fault.status < 500 && fault.reason) || 'The provider did not take the file',
        provider_code: fault.code,
        retry_after: fault.retryAfterMs && Math.ceil(fault.retryAfterMs / 1_000),
      };
    case 'incomplete':
      return fault.missing === 'task_id'
        ? refused('task_id_missing', 'Task id missing from upload response')
        : {
            ...refused('email_count_missing', 'Email count missing from upload response'),
            task_id: fault.taskId,
          };
    case 'unreadable':
      return refused(
        'provider_answer_unreadable',
        `The provider gave no answer that can be read.${doubt}`,
      );
    case 'timed_out':
      return {
        ...refused('provider_timed_out', `The provider did not answer in time.${doubt}`),
        status: 504,
      };
    case 'no_answer':
      return refused('provider_unreachable', `Unable to upload file.${doubt}`);
  }
}

const refused = (code: string, detail: string): FileError => ({ status: 502, code, detail });
