import type { SmtpTimeouts } from '../../src/clients/smtp/timeouts';
import type { Script } from '../../tools/sandbox/relay/scripted-relay';

const LONG_MS = 20_000;

/** Short only where the script makes the sender wait: on a busy machine, everything else takes its time. */
export function timeoutsFor(
  { starttls, body, dot, ...before }: Script,
  shortMs: number,
  shortAfterBodyMs = shortMs,
): SmtpTimeouts {
  const has = (pattern: RegExp, moves: unknown) => pattern.test(JSON.stringify(moves) ?? '');
  return {
    // Bytes before the handshake break TLS at once, without a timeout.
    beforeBodyMs: has(/hang|trickle/, before) || has(/hang/, starttls) ? shortMs : LONG_MS,
    // Where a reply comes before the relay stalls, it ends the attempt.
    silenceMs: has(/hang/, dot) || body === 'stall' ? shortAfterBodyMs : LONG_MS,
    totalMs: has(/trickle/, dot) ? shortAfterBodyMs : 2 * LONG_MS,
  };
}

/** Whether the sender waits until a time limit. */
export const waits = (script: Script): boolean => Object.values(timeoutsFor(script, 0)).includes(0);
