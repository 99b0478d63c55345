import type { NodemailerError } from 'nodemailer';
import { enhancedCodes } from '../../../activities/send/enhanced-code';
import { speaksOfRate } from '../../../activities/send/retry-delay';
import type { SmtpStep } from '../../../activities/send/mailer';

interface FailedStep {
  step: SmtpStep;
  /** The reply code, if a reply ended the step. */
  code?: number;
  /** The complete reply. */
  response?: string;
  error?: Pick<NodemailerError, 'code' | 'originalCode' | 'timeoutType'>;
}

/** The relay does not implement the command (RFC 5321 §4.2.4). */
const COMMAND_UNKNOWN = new Set([500, 502, 503, 504]);

/** By enhanced code without its class: those of the registry and of Microsoft. */
const BY_DETAIL: Record<string, string | undefined> = Object.fromEntries(
  Object.entries({
    QUOTA: '1.90 2.121 2.122 4.5 7.28 7.508 7.705',
    SENDER_REFUSED: '1.7 1.8 2.252 7.27 7.60 7.511 7.750',
    SENDER_DOMAIN: '7.20 7.21 7.22 7.23 7.24 7.26 7.29 7.509 7.515',
    EHLO_REFUSED: '7.25 7.506',
  }).flatMap(([cause, details]) => details.split(' ').map((detail) => [detail, cause])),
);

/** The cause that `remedyFor` looks up: a missing extension, a reply code or a system error code. */
export function causeOf({ step, code, response = '', error }: FailedStep): string | undefined {
  if (code === undefined) return error?.originalCode ?? error?.timeoutType ?? error?.code;
  if (COMMAND_UNKNOWN.has(code)) {
    if (step === 'starttls') return 'NO_STARTTLS';
    if (step === 'auth') return 'NO_AUTH';
  }
  if (code === 454 && (step === 'starttls' || step === 'auth')) return '454';
  const details = enhancedCodes(response).map(({ subject, detail }) => `${subject}.${detail}`);
  // Google's relay answers 421 4.7.0 to an EHLO name such as localhost.
  if (step === 'ehlo' && (code >= 500 || details.includes('7.0'))) return 'EHLO_REFUSED';
  const byDetail = details.map((it) => BY_DETAIL[it]).find((cause) => cause !== undefined);
  // 4.4.5 is a rate per minute, 5.4.5 a quota per day.
  if (speaksOfRate(response) && (byDetail === undefined || byDetail === 'QUOTA')) return 'RATE';
  return byDetail ?? byCode(step, code);
}

function byCode(step: SmtpStep, code: number): string {
  if (code === 504 && step === 'rcpt-to') return 'EHLO_REFUSED';
  if (code < 500 || COMMAND_UNKNOWN.has(code) || [530, 534, 535, 538].includes(code)) {
    return String(code);
  }
  if (step === 'mail-from' || code === 553) return 'SENDER_REFUSED';
  if (step === 'rcpt-to') return 'RELAY_DENIED';
  return step === 'final-reply' ? 'MESSAGE_HELD' : String(code);
}
