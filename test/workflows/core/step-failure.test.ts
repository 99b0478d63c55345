import { transient } from '../../../activities/failures/transient';
import { stepFailureOf } from '../../../workflows/core/step-failure';

describe('the message of a failure', () => {
  it.each([
    ['of any length', 'x'.repeat(3_000_000), 'x'.repeat(500)],
    ['with half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['cut within a surrogate pair', `${'x'.repeat(499)}\u{1f600}`, `${'x'.repeat(499)}\ufffd`],
  ])('%s is short and well-formed', (_what, message, expected) => {
    expect(transient('Type', message).message).toBe(expected);
    expect(stepFailureOf(new Error(message)).message).toBe(expected);
  });
});
