import * as verdictModule from '../../../src/clients/smtp/verdict';

const { toVerdict } = verdictModule;

/** The bug: a message that the relay refused or deferred counts as one that it may have. */
Object.assign(verdictModule, {
  toVerdict(end: Parameters<typeof toVerdict>[0]): ReturnType<typeof toVerdict> {
    const verdict = toVerdict(end);
    const isNo = 'step' in verdict && verdict.step === 'final-reply';
    return isNo ? { verdict: 'ambiguous', reply: end.reply } : verdict;
  },
});
