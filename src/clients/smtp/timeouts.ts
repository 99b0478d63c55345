import {
  beforeBodyTimeoutMs,
  relaySilenceTimeoutMs,
  sendTimeoutMs,
} from '../../../workflows/core/send-timeout';

export interface SmtpTimeouts {
  /** From the start of the attempt to the first byte of the message. */
  beforeBodyMs: number;
  /** Without a byte in either direction. */
  silenceMs: number;
  /** For the whole attempt, because a relay that sends byte after byte is never silent. */
  totalMs: number;
}

export const SMTP_TIMEOUTS: SmtpTimeouts = {
  beforeBodyMs: beforeBodyTimeoutMs,
  silenceMs: relaySilenceTimeoutMs,
  totalMs: sendTimeoutMs,
};
