import type { NodemailerError } from 'nodemailer';
import type { SmtpStep } from '../../activities/types';

interface FailedStep {
  step: SmtpStep;
  /** The relay's reply code, if it is a reply that ended the step. */
  code?: number;
  error?: Pick<NodemailerError, 'code' | 'originalCode' | 'timeoutType'>;
}

/** A relay that does not know the command at all (RFC 5321 §4.2.4). */
const COMMAND_UNKNOWN = new Set([500, 502, 503, 504]);

/** What `remedyFor` knows the end of a send by: what the relay lacks, its code, or the system's. */
export function causeOf({ step, code, error }: FailedStep): string | undefined {
  if (code !== undefined && COMMAND_UNKNOWN.has(code)) {
    if (step === 'starttls') return 'NO_STARTTLS';
    if (step === 'auth') return 'NO_AUTH';
  }
  if (code !== undefined) return String(code);
  return error?.originalCode ?? error?.timeoutType ?? error?.code;
}
