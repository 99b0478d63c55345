import { ALIKE_REFUSALS_MAX, createAlikeRefusals } from '../../activities/send/alike-refusals';
import type { Verdict } from '../../activities/send/mailer';

const refused = (reply = '550 5.1.1 <address> rejected', step = 'rcpt-to' as const): Verdict => ({
  ...{ verdict: 'refused', step, code: Number(reply.slice(0, 3)), reply },
});
const accepted: Verdict = { verdict: 'accepted', reply: '250 queued' };
const deferred: Verdict = {
  ...{ verdict: 'deferred', step: 'mail-from', code: 451, reply: '451 later' },
  configuration: false,
};

/** Judged one after the other by one worker, each for a recipient of its own. */
function judgeAll(verdicts: Verdict[], recipientOf = (n: number) => `user-${n}@customer.example`) {
  const refusals = createAlikeRefusals();
  return verdicts.map((verdict, n) => refusals.judge(recipientOf(n), verdict));
}

const verdictsOf = (judged: Verdict[]) => judged.map(({ verdict }) => verdict);
const alike = (count: number) => Array.from({ length: count }, () => refused());

describe('refusals of one kind', () => {
  it('stand for the first recipients', () => {
    const verdicts = alike(ALIKE_REFUSALS_MAX);
    expect(judgeAll(verdicts)).toEqual(verdicts);
  });

  it('become deferrals with an alert from then on, in the words of the relay', () => {
    const [last] = judgeAll(alike(ALIKE_REFUSALS_MAX + 3)).slice(-1);
    expect(last).toEqual({
      verdict: 'deferred',
      step: 'rcpt-to',
      code: 550,
      configuration: true,
      cause: 'REFUSES_EVERYONE',
      reply: expect.stringMatching(/refuses every recipient alike.*: 550 5\.1\.1 <address> rejec/),
    });
  });

  it('stand again after the relay has accepted a mail', () => {
    const judged = judgeAll([...alike(ALIKE_REFUSALS_MAX + 1), accepted, refused()]);
    expect(verdictsOf(judged).slice(-3)).toEqual(['deferred', 'accepted', 'refused']);
  });

  it('are counted over deferrals and other refusals', () => {
    const between = [deferred, refused('550 5.1.2 no such domain')];
    const judged = judgeAll([...alike(3), ...between, ...alike(3)]);
    expect(verdictsOf(judged).at(-2)).toBe('refused');
    expect(verdictsOf(judged).at(-1)).toBe('deferred');
  });

  it('are counted by recipient, whatever the case', () => {
    const judged = judgeAll(alike(20), (n) =>
      n % 2 ? 'Jane@customer.example' : 'jane@Customer.example',
    );
    expect(new Set(verdictsOf(judged))).toEqual(new Set(['refused']));
  });

  it.each<[string, (n: number) => Verdict]>([
    ['queue IDs', (n) => refused(`550 5.1.1 unknown 4af${n}b - gsmtp`)],
    ['times', (n) => refused(`550 5.1.1 at 10:0${n}: no`)],
    [
      'line ends and case',
      (n) => refused(n % 2 ? '550 5.1.1  No\nsuch user' : '550 5.1.1 no such user'),
    ],
  ])('are alike up to their %s', (_, verdictOf) => {
    const judged = judgeAll(Array.from({ length: 6 }, (_unused, n) => verdictOf(n)));
    expect(verdictsOf(judged).at(-1)).toBe('deferred');
  });

  it('are alike up to the domain of the recipient', () => {
    const verdicts = Array.from({ length: 6 }, (_, n) =>
      refused(`550 5.1.2 Host unknown (${'abcdef'[n]}.Example: not found)`),
    );
    const judged = judgeAll(verdicts, (n) => `jane@${'abcdef'[n]}.example`);
    expect(verdictsOf(judged).at(-1)).toBe('deferred');
  });

  it.each<[string, (n: number) => Verdict]>([
    ['step', (n) => ({ ...refused(), ...(n % 2 && { step: 'final-reply' }) })],
    ['code', (n) => refused(n % 2 ? '550 no' : '551 no')],
    ['enhanced code', (n) => refused(n % 2 ? '550 5.1.1 no' : '550 5.1.2 no')],
    ['text', (n) => refused(n % 2 ? '550 5.1.1 no' : '550 5.1.1 never')],
  ])('are not alike in another %s', (_, verdictOf) => {
    const judged = judgeAll(
      Array.from({ length: 2 * ALIKE_REFUSALS_MAX }, (_unused, n) => verdictOf(n)),
    );
    expect(new Set(verdictsOf(judged))).toEqual(new Set(['refused']));
  });

  it('of addresses that the relay was not asked about never count', () => {
    const judged = judgeAll(
      alike(20).map(() => ({ verdict: 'refused', step: 'rcpt-to', reply: 'no SMTPUTF8' })),
    );
    expect(new Set(verdictsOf(judged))).toEqual(new Set(['refused']));
  });
});
