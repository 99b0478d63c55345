import type { ClientRequest } from 'node:http';
import type { createUploadForm, FormFields } from './upload-form';
import {
  noAnswer,
  type ProviderFault,
  readUploadResult,
  type Uploaded,
  type UploadFault,
} from './upload-result';

export interface OpenUpload {
  /** Resolves when the provider accepts more bytes. After its answer, bytes are discarded. */
  write(bytes: Uint8Array): Promise<void>;
  /** Completes the form with these fields. The provider cannot accept the file before. */
  finish(fields: FormFields): Promise<Uploaded | UploadFault>;
  /** Closes the connection unless the upload has ended. An incomplete form has no effect. */
  abort(): void;
}

const ANSWERED_EARLY: ProviderFault = {
  fault: 'unreadable',
  message: 'the provider answered before the end of the form',
};

/** Streams one form to the provider, which must make progress within `timeoutMs`. */
export function openUpload(
  outgoing: ClientRequest,
  form: ReturnType<typeof createUploadForm>,
  timeoutMs: number,
): OpenUpload {
  let timer: NodeJS.Timeout | undefined;
  let begun = false;
  let finishing = false;
  let sent = false;
  let ended = false;
  let stopWaiting = (): void => {};
  let resolveResult: (result: Uploaded | UploadFault) => void;
  const result = new Promise<Uploaded | UploadFault>((resolve) => (resolveResult = resolve));

  function end(outcome: Uploaded | ProviderFault): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    resolveResult('fault' in outcome ? { ...outcome, sent } : outcome);
    stopWaiting();
    // The provider answered before the end of the form, so it reads no more of it.
    if (!sent) outgoing.destroy();
  }

  function expectProgress(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      end({ fault: 'timed_out', message: 'the provider did not answer in time' });
      outgoing.destroy();
    }, timeoutMs);
  }

  outgoing.on('finish', () => (sent = true));
  outgoing.on('error', (err) => end(noAnswer(err)));
  outgoing.on('response', (incoming) => {
    const early = !finishing;
    void readUploadResult(incoming).then((answer) =>
      end(early && 'emailCount' in answer ? ANSWERED_EARLY : answer),
    );
  });

  function send(bytes: Uint8Array | string): Promise<void> {
    if (ended) return Promise.resolve();
    expectProgress();
    return new Promise((resolve) => {
      stopWaiting = resolve;
      outgoing.write(bytes, () => resolve());
    });
  }

  return {
    async write(bytes) {
      if (!begun) await send(form.head);
      begun = true;
      await send(bytes);
      // While the caller waits for its own client, the provider need not make progress.
      clearTimeout(timer);
    },
    finish(fields) {
      finishing = true;
      if (!ended) {
        expectProgress();
        outgoing.end(form.tail(fields));
      }
      return result;
    },
    abort() {
      end({ fault: 'no_answer', message: 'the upload was aborted' });
    },
  };
}
