import { say } from './broken-dialogues';
import type { FixedScript, Moment, Moves, Script } from './scripted-relay';

/** The moments at which a connection begins: a kept one has them behind it. */
const BEGINNING: Moment[] = [
  ...(['connect', 'ehlo', 'helo', 'starttls', 'ehloSecured', 'auth', 'authAnswer'] as const),
];
/** Whether the script breaks the beginning of a connection. */
export const beginsAnew = (script: FixedScript): boolean =>
  BEGINNING.some((moment) => script[moment]);

const QUEUED = say('250 2.0.0 queued as 1');
const LATER = { wait: 20 };

/**
 * A relay that takes one message, and then plays the script on the same connection and on each later
 * one. A script that breaks the beginning of a connection cannot be played on the same one: the relay
 * closes it.
 */
export function afterOneMessage({ extensions, ...script }: FixedScript): Script {
  const closes = beginsAnew(script);
  let hasMessage = false;
  return {
    extensions,
    ...playedIf(() => hasMessage, script),
    dot() {
      if (hasMessage) return script.dot;
      hasMessage = true;
      return closes ? [QUEUED, 'close'] : QUEUED;
    },
  };
}

/** What a relay does between two messages of one connection; on any other one it is well. */
export interface KeptDialogue {
  what: string;
  /** After the first message. */
  dot?: Moves;
  /** At the second one. */
  second?: FixedScript;
  /** How many connections the second message takes to be accepted, the kept one included: 2. */
  connections?: number;
  /** Whether only a time limit ends the second message's wait over the kept connection. */
  waits?: true;
}

/**
 * What the relay says unasked follows its 250 at once. Later, it might follow the final dot of the next
 * message, where no client could tell it from the reply.
 */
export const betweenMessages: KeptDialogue[] = [
  { what: 'goes on', connections: 1 },
  { what: 'closes', dot: [QUEUED, 'close'] },
  { what: 'closes later', dot: [QUEUED, LATER, 'close'] },
  { what: 'resets later', dot: [QUEUED, LATER, 'reset'] },
  { what: 'says 421 and closes', dot: [QUEUED, say('421 4.4.2 timeout'), 'close'] },
  { what: 'says 421 in one packet', dot: say('250 queued\r\n421 4.4.2 bye') },
  { what: 'says 421 and hangs', dot: [QUEUED, say('421 4.4.2 timeout'), 'hang'] },
  { what: 'hangs', dot: [QUEUED, 'hang'], waits: true },
  { what: 'reads no further', dot: [QUEUED, 'stall'], waits: true },
  { what: 'answers the message twice in one packet', dot: say('250 queued\r\n250 queued') },
  { what: 'answers the message twice', dot: [QUEUED, say('250 queued')] },
  { what: 'answers twice, with an empty line', dot: say('250 queued\r\n\r\n250 queued') },
  { what: 'accepts the message, then refuses it', dot: [QUEUED, say('554 spam after all')] },
  { what: 'asks for a message, unasked', dot: [QUEUED, say('354 go ahead')] },
  { what: 'sends noise', dot: [QUEUED, say('noise')] },
  { what: 'sends half a reply', dot: [QUEUED, { raw: '250 ' }], connections: 1 },
  { what: 'sends half a line of noise', dot: [QUEUED, { raw: 'noi' }] },
  {
    what: 'sends half a reply of two lines',
    dot: [QUEUED, LATER, say('250-wait')],
    connections: 1,
  },
  { what: 'closes at MAIL', second: { mail: 'close' } },
  { what: 'resets at MAIL', second: { mail: 'reset' } },
  { what: 'hangs at MAIL', second: { mail: 'hang' }, waits: true },
  { what: 'answers MAIL 421', second: { mail: [say('421 too many messages'), 'close'] } },
  { what: 'answers MAIL 421 and hangs', second: { mail: say('421 too many messages') } },
  { what: 'answers MAIL 503', second: { mail: say('503 5.5.1 sequence') } },
  { what: 'is too old for MAIL', second: { mail: say('451 4.4.2 timeout') } },
  { what: 'has enough messages', second: { mail: say('452 too many messages') } },
  { what: 'answers MAIL 432', second: { mail: say('432 4.3.2 too many connections') } },
  { what: 'answers MAIL 550', second: { mail: say('550 5.7.1 no') } },
  { what: 'answers MAIL with noise', second: { mail: say('noise') } },
  { what: 'is one 250 ahead at MAIL', second: { mail: say('250 queued\r\n250 ok') } },
  { what: 'is one 354 ahead at MAIL', second: { mail: say('354 go on\r\n250 ok') }, waits: true },
  { what: 'is one 451 ahead at MAIL', second: { mail: say('451 later\r\n250 ok') } },
  { what: 'is one 550 ahead at MAIL', second: { mail: say('550 spam\r\n250 ok') } },
  { what: 'is one 250 ahead of a 550', second: { mail: say('250 queued\r\n550 no') } },
  { what: 'is two ahead, the second a 550', second: { mail: say('250 a\r\n550 b\r\n250 ok') } },
  { what: 'closes at RCPT', second: { rcpt: 'close' } },
  { what: 'answers RCPT 421', second: { rcpt: [say('421 bye'), 'close'] } },
  { what: 'is one 250 ahead at RCPT', second: { rcpt: say('250 ok\r\n250 ok') } },
  { what: 'refuses RCPT, and is out of step', second: { rcpt: say('550 no\r\n250 ok') } },
  { what: 'refuses RCPT, then QUIT', second: { rcpt: say('550 no'), quit: say('250 ok') } },
  { what: 'refuses RCPT, then closes', second: { rcpt: [say('550 no'), 'close'] } },
  { what: 'answers DATA 250', second: { data: say('250 ok') } },
  { what: 'closes at DATA', second: { data: 'close' } },
];

/** Whether the relay does it while the connection is idle, and not before. */
export const needsPause = ({ dot }: KeptDialogue): boolean => [dot ?? []].flat().includes(LATER);

/** The relay of a dialogue between two messages. */
export function relayBetween({ dot, second = {} }: KeptDialogue, offer: FixedScript): () => Script {
  let connections = 0;
  return () => {
    connections += 1;
    if (connections > 1) return offer;
    let messages = 0;
    return {
      ...offer,
      ...playedIf(() => messages > 0, second),
      dot: () => ((messages += 1) === 1 ? dot : undefined),
    };
  };
}

function playedIf(isTime: () => boolean, script: FixedScript): Script {
  const moments = Object.entries(script) as [Moment, Moves][];
  return Object.fromEntries(
    moments.map(([moment, moves]) => [moment, () => (isTime() ? moves : undefined)]),
  );
}
