import type { SmtpTimeouts } from '../../src/clients/smtp/timeouts';
import type { Script } from '../../tools/sandbox/relay/scripted-relay';

const LONG_MS = 20_000;

/** Short only where the script makes the sender wait: on a busy machine, everything else takes its time. */
export function timeoutsFor(
  { starttls, body, dot, ...before }: Script,
  shortMs = 300,
): SmtpTimeouts {
  const has = (pattern: RegExp, moves: unknown) => pattern.test(JSON.stringify(moves) ?? '');
  return {
    // Bytes before the handshake break TLS at once, without a timeout.
    beforeBodyMs: has(/hang|trickle/, before) || has(/hang/, starttls) ? shortMs : LONG_MS,
    silenceMs: has(/hang|stall/, [body, dot]) ? shortMs : LONG_MS,
    totalMs: has(/trickle/, dot) ? 3 * shortMs : 2 * LONG_MS,
  };
}
