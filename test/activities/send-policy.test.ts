import { type AttemptConsequence, consequenceOf } from '../../activities/send/send-policy';
import type { UncertainPolicy } from '../../activities/send/send-policy';
import type { Verdict } from '../../activities/send/mailer';

type Row = [
  verdict: Verdict['verdict'],
  policy: UncertainPolicy,
  inTime: AttemptConsequence,
  timeIsUp: AttemptConsequence,
];

const sent: AttemptConsequence = { state: 'sent' };
const retry: AttemptConsequence = { state: 'waiting', retry: true };
const parked = (reason: AttemptConsequence['reason']): AttemptConsequence => ({
  state: 'parked',
  reason,
});

const ROWS: Row[] = [
  ['accepted', 'resend', sent, sent],
  ['accepted', 'park', sent, sent],
  ['accepted', 'assume_sent', sent, sent],
  ['refused', 'resend', parked('refused'), parked('refused')],
  ['refused', 'park', parked('refused'), parked('refused')],
  ['refused', 'assume_sent', parked('refused'), parked('refused')],
  ['deferred', 'resend', retry, parked('gave_up')],
  ['deferred', 'park', retry, parked('gave_up')],
  ['deferred', 'assume_sent', retry, parked('gave_up')],
  ['ambiguous', 'resend', retry, parked('uncertain')],
  ['ambiguous', 'park', parked('uncertain'), parked('uncertain')],
  ['ambiguous', 'assume_sent', sent, sent],
];

describe('consequenceOf', () => {
  it.each(ROWS)('%s by policy %s in time: %j; when the time is up: %j', (...row) => {
    const [verdict, policy, inTime, timeIsUp] = row;
    expect(consequenceOf(verdict, { policy, timeIsUp: false })).toEqual(inTime);
    expect(consequenceOf(verdict, { policy, timeIsUp: true })).toEqual(timeIsUp);
  });

  it.each(['resend', 'park', 'assume_sent'] as const)(
    'parks as uncertain after an ambiguous attempt, by policy %s',
    (policy) => {
      const after = { policy, timeIsUp: true, afterAmbiguous: true };
      expect(consequenceOf('deferred', after)).toEqual(parked('uncertain'));
      expect(consequenceOf('refused', after)).toEqual(parked('uncertain'));
      expect(consequenceOf('refused', { ...after, timeIsUp: false })).toEqual(parked('uncertain'));
      expect(consequenceOf('deferred', { ...after, timeIsUp: false })).toEqual(retry);
    },
  );
});
