import { runProve } from './run-prove';

describe('npm run prove -- --mutant', () => {
  it.each([
    [
      'a claim that ignores earlier attempts',
      'claim-skipped --faults worker --minutes 0.25 --rate 3',
      'doubled',
    ],
    [
      'a lost reply that counts as not delivered',
      'lost-reply-forgotten --faults smtp --minutes 0.4 --rate 10',
      'doubled',
    ],
    [
      'a repeated webhook that starts another run',
      'duplicates-allowed --faults none --minutes 0.2 --rate 4',
      'second run',
    ],
  ])(
    'finds %s',
    async (_, mutant, kind) => {
      const { code, output, proof } = await runProve(`--seed 7 --mutant ${mutant}`);

      expect(code === 1 ? '' : output).toBe('');
      expect(new Set(proof?.violations.map((it) => it.kind))).toEqual(new Set([kind]));
      const taskId = proof?.violations[0]?.taskId ?? '';
      expect(proof?.timelines[taskId]?.join('\n')).toContain('workflowExecutionCompleted');
      expect(output).toContain(`npm run prove -- --seed 7`);
    },
    900_000,
  );
});
