import type { Outcome } from './outcome';

/** The outcome of an upload whose file has the provider's final status; undefined before that. */
export function finalStatus(fileStatus: string | undefined): Outcome | undefined {
  return fileStatus === 'completed' || fileStatus === 'failed' ? fileStatus : undefined;
}
