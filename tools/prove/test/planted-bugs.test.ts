import { runProve } from '../../../test/support/run-prove';

describe('the proof fails', () => {
  it.each([
    [
      'a claim that does not look at what was before',
      'claim-skipped --faults worker --minutes 0.25 --rate 3',
      'doubled',
    ],
    [
      'a message without a reply that counts as not taken',
      'lost-reply-forgotten --faults smtp --minutes 0.25 --rate 6',
      'doubled',
    ],
    [
      'a webhook that starts another run when it comes again',
      'duplicates-allowed --faults none --minutes 0.2 --rate 4',
      'second run',
    ],
  ])(
    'for %s',
    async (_, plant, kind) => {
      const { code, output, proof } = await runProve(`--seed 7 --plant ${plant}`);

      expect(code === 1 ? '' : output).toBe('');
      expect(new Set(proof?.violations.map((it) => it.kind))).toEqual(new Set([kind]));
      const taskId = proof?.violations[0]?.taskId ?? '';
      expect(proof?.stories[taskId]?.join('\n')).toContain('workflowExecutionCompleted');
      expect(output).toContain(`npm run prove -- --seed 7`);
    },
    900_000,
  );
});
