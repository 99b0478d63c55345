import {
  afterTheMessage,
  beforeTheMessage,
  behindTls,
  type BrokenDialogue as Dialogue,
  commandsTogether,
  type ExpectedVerdict,
  refusingTheRecipient,
} from '../../sandbox/relay/broken-dialogues';
import { beginsAnew, betweenMessages } from '../../sandbox/relay/kept-dialogues';
import type { FixedScript, Move, Moves } from '../../sandbox/relay/scripted-relay';

/** A dialogue of the sandbox's catalogue, as the proof plays it. */
export interface BrokenDialogue {
  name: string;
  script: FixedScript;
  expected: ExpectedVerdict;
  /** Whether the relay takes a message that arrives completely. */
  takes: boolean;
}

/** Ends an endless dialogue long before the service's own timeouts would. */
const SILENCE_MS = 12_000;

const say = (text: string) => ({ say: text });
const accepted: ExpectedVerdict = { verdict: 'accepted' };

const slow: Dialogue[] = [
  ['is slow at DATA', { data: [{ wait: 4_000 }, say('354 go on')] }, accepted],
  ['is slow after the message', { dot: [{ wait: 6_000 }, say('250 2.0.0 queued')] }, accepted],
];

const all = [
  ...beforeTheMessage,
  ...refusingTheRecipient,
  ...behindTls.filter(([, script]) => script.starttls ?? script.ehloSecured),
  ...commandsTogether.filter(([, script]) => Object.keys(script).length > 0),
].map((dialogue) => toProof(dialogue, true));

const isOfConnection = ({ script }: BrokenDialogue) => beginsAnew(script);

/** For a whole connection, which breaks at its beginning. */
export const brokenConnections = all.filter(isOfConnection);
/** Before the relay has all of a message. */
export const brokenBefore = all.filter((dialogue) => !isOfConnection(dialogue));

/**
 * When the relay has a message. A lost reply leaves open whether the relay has taken it, so both cases
 * are played.
 */
export const brokenAfter = [...afterTheMessage, ...slow]
  .filter(([, script]) => Object.keys(script).length > 0)
  .flatMap(([what, script, expected]) => {
    const takes = [...(canTake(expected) ? [true] : []), ...(canDrop(expected) ? [false] : [])];
    return takes.map((taken) =>
      toProof([`${what}; message ${taken ? 'taken' : 'dropped'}`, script, expected], taken),
    );
  });

/** What the relay does when its last message was accepted and the connection is kept, or used again. */
export const brokenBetween = betweenMessages
  .filter(({ dot, second }) => dot ?? second)
  .map(({ what, dot, second }) =>
    toProof([`between two messages, ${what}`, { ...second, ...(dot && { dot }) }, accepted], true),
  );

function canTake({ verdict }: ExpectedVerdict): boolean {
  return verdict === 'accepted' || verdict === 'ambiguous';
}

function canDrop({ verdict }: ExpectedVerdict): boolean {
  return verdict !== 'accepted';
}

function toProof([name, script, expected]: Dialogue, takes: boolean): BrokenDialogue {
  const { extensions: offered, ...moments } = script;
  const entries = Object.entries(moments).map(
    ([moment, moves]) => [moment, bounded(moves)] as const,
  );
  return { name, script: { extensions: offered, ...Object.fromEntries(entries) }, expected, takes };
}

function bounded(moves: Moves): Moves {
  const isEndless = (move: Move) =>
    move === 'hang' || move === 'stall' || (typeof move === 'object' && 'trickle' in move);
  return [moves]
    .flat()
    .flatMap((move): Move[] => (isEndless(move) ? [move, { wait: SILENCE_MS }, 'reset'] : [move]));
}
