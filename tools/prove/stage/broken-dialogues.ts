import type { Moves, Script } from '../../sandbox/relay/scripted-relay';

/** The difference to a dialogue in which the relay takes the mail. */
export interface BrokenDialogue {
  name: string;
  script?: Omit<Script, 'dot' | 'extensions'>;
  dot?: Moves;
  /** Whether the relay takes the message whatever it answers at the final dot. */
  keeps?: boolean;
}

const say = (text: string) => ({ say: text });
const wait = (seconds: number) => ({ wait: seconds * 1_000 });

const beforeTheMessage: BrokenDialogue[] = [
  { name: 'resets the connection', script: { connect: 'reset' } },
  { name: 'never greets', script: { connect: ['hang', wait(15), 'reset'] } },
  { name: 'greets with 421', script: { connect: [say('421 busy'), 'close'] } },
  { name: 'greets with 554', script: { connect: [say('554 no service'), 'close'] } },
  { name: 'closes at EHLO', script: { ehlo: 'close' } },
  { name: 'answers EHLO with 421', script: { ehlo: [say('421 later'), 'close'] } },
  { name: 'answers EHLO with 550', script: { ehlo: say('550 no'), helo: say('550 no') } },
  { name: 'answers STARTTLS with 454', script: { starttls: say('454 later') } },
  { name: 'answers STARTTLS with 502', script: { starttls: say('502 no') } },
  { name: 'resets in the handshake', script: { starttls: [say('220 go'), 'reset'] } },
  { name: 'closes after the handshake', script: { ehloSecured: 'close' } },
  { name: 'answers AUTH with 454', script: { auth: say('454 4.7.0 later') } },
  { name: 'answers AUTH with 535', script: { auth: say('535 5.7.8 bad credentials') } },
  { name: 'resets at AUTH', script: { auth: 'reset' } },
  { name: 'answers MAIL with 451', script: { mail: say('451 later') } },
  { name: 'answers MAIL with 550', script: { mail: say('550 5.7.1 not you') } },
  { name: 'closes at MAIL', script: { mail: 'close' } },
  { name: 'answers RCPT with 450', script: { rcpt: say('450 4.2.0 greylisted') } },
  { name: 'answers RCPT with 550', script: { rcpt: say('550 5.1.1 no such user') } },
  { name: 'resets at RCPT', script: { rcpt: 'reset' } },
  { name: 'answers DATA with 451', script: { data: say('451 4.3.0 later') } },
  { name: 'answers DATA with 554', script: { data: say('554 5.5.1 no recipients') } },
  { name: 'closes at DATA', script: { data: 'close' } },
  { name: 'is slow at DATA', script: { data: [wait(4), say('354 go on')] } },
  { name: 'resets in the body', script: { body: 'reset' } },
  { name: 'closes in the body', script: { body: ['hang', 'close'] } },
];

const afterTheDot: BrokenDialogue[] = [
  { name: 'takes the mail and closes', dot: 'close', keeps: true },
  { name: 'takes the mail and resets', dot: 'reset', keeps: true },
  { name: 'takes the mail and hangs', dot: ['hang', wait(12), 'reset'], keeps: true },
  {
    name: 'takes the mail and closes in its reply',
    dot: [{ raw: '250 2.0' }, 'close'],
    keeps: true,
  },
  { name: 'takes the mail and answers noise', dot: say('thank you'), keeps: true },
  { name: 'takes the mail and is slow', dot: [wait(6), say('250 2.0.0 queued')], keeps: true },
  { name: 'drops the mail and closes', dot: 'close' },
  { name: 'drops the mail and resets', dot: 'reset' },
  { name: 'drops the mail and hangs', dot: ['hang', wait(12), 'reset'] },
  { name: 'answers the message with 451', dot: say('451 4.3.0 later') },
  { name: 'answers the message with 421', dot: [say('421 bye'), 'close'] },
  { name: 'answers the message with 503', dot: say('503 5.5.1 sequence') },
  { name: 'answers the message with 554', dot: say('554 5.7.1 policy') },
  { name: 'answers the message with 552', dot: say('552 5.3.4 too big') },
];

/** Half of the faults follow the final dot, where they matter most. */
export const brokenDialogues = [
  ...beforeTheMessage.map((dialogue) => [1 / beforeTheMessage.length, dialogue] as const),
  ...afterTheDot.map((dialogue) => [1 / afterTheDot.length, dialogue] as const),
];
