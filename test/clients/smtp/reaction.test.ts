import type { SmtpStep } from '../../../activities/send/mailer';
import { toVerdict } from '../../../src/clients/smtp/verdict';
import { type Phase, relayReplies } from '../../support/relay-replies';

const STEPS: Record<Phase, SmtpStep> = {
  ...{ C: 'greeting', E: 'ehlo', A: 'auth', M: 'mail-from', R: 'rcpt-to', D: 'data' },
  B: 'final-reply',
};
/** Reply code and enhanced status code of a line; the rest is its text. */
const CODES = /^\d{3}[ -](?:#?\d\.\d{1,3}\.\d{1,3} )?/;

const lines = relayReplies.flatMap(([, reply]) => reply.split('\r\n'));
const texts = new Set(lines.map((line) => line.replace(CODES, '')));
const cases = relayReplies.flatMap(([phases, reply, reaction]) =>
  phases.split(' ').map((phase) => [phase as Phase, reply, reaction] as const),
);

function judge(phase: Phase, response: string) {
  const verdict = toVerdict({
    body: phase === 'B' ? 'ended' : 'unread',
    step: STEPS[phase],
    response,
    error: { code: 'EENVELOPE', command: phase === 'R' ? 'RCPT TO' : STEPS[phase] },
    reply: response,
  });
  if (verdict.verdict !== 'deferred') return verdict.verdict;
  return verdict.configuration ? 'hold' : 'wait';
}

describe('toVerdict', () => {
  it.each(cases)(
    'in phase %s judges %j by its codes, whatever its text',
    (phase, reply, reaction) => {
      const codes = reply.split('\r\n').map((line) => CODES.exec(line)?.[0] ?? '');

      const judged = new Set(
        [...texts].map((text) => judge(phase, codes.map((code) => code + text).join('\n'))),
      );

      expect([...judged]).toEqual([reaction === 'refuse' ? 'refused' : reaction]);
    },
  );
});
