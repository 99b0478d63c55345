import * as verdictModule from '../../../src/clients/smtp/verdict';

const { toVerdict } = verdictModule;

/** The bug: a message whose reply was lost counts as not delivered. */
Object.assign(verdictModule, {
  toVerdict(end: Parameters<typeof toVerdict>[0]): ReturnType<typeof toVerdict> {
    const verdict = toVerdict(end);
    if (verdict.verdict !== 'ambiguous') return verdict;
    return { verdict: 'deferred', step: 'final-reply', reply: end.reply, configuration: false };
  },
});
