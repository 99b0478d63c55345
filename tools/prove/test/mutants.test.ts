import { runProve } from './run-prove';

describe('npm run prove -- --mutant', () => {
  it.each([
    [
      'a claim that ignores earlier attempts',
      'claim-skipped --faults worker --minutes 0.25 --rate 3',
      ['doubled'],
    ],
    [
      'a lost reply that counts as not delivered',
      'lost-reply-forgotten --faults smtp --minutes 0.2 --rate 20',
      ['doubled'],
    ],
    [
      'a repeated webhook that starts another run, and a refusal that counts as ambiguous',
      'duplicates-allowed,no-called-ambiguous --policy assume_sent --faults none --minutes 0.1 --rate 20',
      ['second run', 'not ambiguous'],
    ],
    [
      'a 250 that counts for the next message',
      'reply-behind --faults none --minutes 0.1 --rate 20',
      ['lost'],
    ],
  ])(
    'finds %s',
    async (_, mutants, kinds) => {
      const { code, output, proof } = await runProve(`--seed 7 --mutant ${mutants}`);

      expect(code === 1 ? '' : output).toBe('');
      expect(new Set(proof?.violations.map((it) => it.kind))).toEqual(new Set(kinds));
      const taskId = proof?.violations[0]?.taskId ?? '';
      expect(proof?.timelines[taskId]?.join('\n')).toContain('workflowExecutionCompleted');
      expect(output).toContain(`npm run prove -- --seed 7`);
    },
    900_000,
  );
});
