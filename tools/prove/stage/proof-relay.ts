import { createCertificate } from '../../sandbox/relay/certificate';
import {
  type Move,
  type Moves,
  type Script,
  startScriptedRelay,
} from '../../sandbox/relay/scripted-relay';
import type { ObservedMail, ObservedRefusal, ObservedSubmission } from '../judge/observations';
import type { Random } from '../../sandbox/random';
import {
  brokenAfter,
  brokenBefore,
  brokenBetween,
  brokenConnections,
  type BrokenDialogue,
} from './broken-dialogues';

export type ProofRelay = Awaited<ReturnType<typeof startProofRelay>>;

/** What the relay did with a recipient's mail, for the timeline. */
export interface RelayNote {
  at: number;
  to: string;
  did: string;
}

const ACCEPTING: BrokenDialogue = {
  name: 'takes the mail',
  script: {},
  expected: { verdict: 'accepted' },
  takes: true,
};
const UNKNOWN: BrokenDialogue = {
  name: 'does not know the recipient',
  script: { rcpt: { say: '550 5.1.1 no such user' } },
  expected: { verdict: 'refused', step: 'rcpt-to' },
  takes: false,
};
const SPAM: BrokenDialogue = {
  name: 'calls it spam',
  script: { dot: { say: '554 5.6.0 spam' } },
  expected: { verdict: 'refused', step: 'final-reply' },
  takes: false,
};
const SHARE_BROKEN = 0.25;
const SHARE_PIPELINING = 0.5;
const ONE_REPLY = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?$/;

/** A sender's next message waits for its reply. */
export interface HeldFinalDot {
  /** Resolves when the relay has the message. */
  reached: Promise<void>;
  release: () => void;
}

/**
 * The relay, with a port for each sender. It records what was submitted, which messages it took and
 * which recipients it refused.
 */
export async function startProofRelay(random: Random, senders: string[]) {
  const certificate = await createCertificate();
  certificate.write();
  const taken: ObservedMail[] = [];
  const refusals: ObservedRefusal[] = [];
  const submissions: ObservedSubmission[] = [];
  const notes: RelayNote[] = [];
  /** How often each broken dialogue was played. */
  const faults = new Map<string, number>();
  let breaks = false;
  const held = new Map<string, { arrive: () => void; released: Promise<void> }>();
  let listeners = await open();

  async function open() {
    const opened = senders.map(async (sender) => {
      const listener = await startScriptedRelay(() => converse(sender), { certificate });
      return [sender, listener] as const;
    });
    return new Map(await Promise.all(opened));
  }

  const close = () => Promise.all([...listeners.values()].map((listener) => listener.close()));

  function holdFinalDot(sender: string): HeldFinalDot {
    let arrive = () => {};
    let release = () => {};
    const reached = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    held.set(sender, { arrive, released });
    return { reached, release: () => (held.delete(sender), release()) };
  }

  const connection = random.deck(brokenConnections);
  const message = [random.deck(brokenBefore), random.deck(brokenAfter)];
  const laterMessage = [...message, random.deck(brokenBetween)];

  function choose(decks: (() => BrokenDialogue)[]): BrokenDialogue | undefined {
    const chosen = breaks && random.chance(SHARE_BROKEN) ? random.pick(decks)() : undefined;
    if (chosen) faults.set(chosen.name, (faults.get(chosen.name) ?? 0) + 1);
    return chosen;
  }

  /** Returns the script of one connection, which breaks at its beginning or message by message. */
  function converse(sender: string): Script {
    const beginning = choose([connection])?.script;
    const pipelining = random.chance(SHARE_PIPELINING) ? ['PIPELINING'] : [];
    let dialogue = ACCEPTING;
    let messages = 0;
    let to = '';
    let submission: ObservedSubmission | undefined;
    /** What follows the reply to an earlier message may end the connection within a later one. */
    let mayBreakOff = false;
    const note = (did: string) => notes.push({ at: Date.now(), to, did });
    function noteRefusal(step: string): void {
      const { verdict, step: refusedAt } = dialogue.expected;
      if (verdict === 'refused' && refusedAt === step) refusals.push({ at: Date.now(), to });
    }

    return {
      ...beginning,
      extensions: pipelining,
      mail() {
        dialogue = choose(messages === 0 ? message : laterMessage) ?? ACCEPTING;
        return dialogue.script.mail;
      },
      data: () => dialogue.script.data,
      body: () => dialogue.script.body,
      quit: () => dialogue.script.quit,
      rcpt(line) {
        to = /<([^<>]*)>/.exec(line)?.[1] ?? '';
        if (to.startsWith('refused-')) dialogue = UNKNOWN;
        if (to.startsWith('spam-')) dialogue = SPAM;
        const verdict = mayBreakOff ? 'ambiguous' : dialogue.expected.verdict;
        submission = { at: Date.now(), sender, to, verdict };
        submissions.push(submission);
        note(`${sender} submits a mail; ${dialogue.name}`);
        noteRefusal('rcpt-to');
        return dialogue.script.rcpt ?? { say: '250 2.1.5 ok' };
      },
      dot(message) {
        const reply = dialogue.script.dot ?? { say: '250 2.0.0 queued' };
        // nodemailer ends an unwanted DATA with a lone dot, which is no message.
        if (!message) return reply;
        const messageId = /^message-id:\s*(\S+)/im.exec(message)?.[1] ?? '';
        messages += 1;
        if (submission) submission.dotAt = Date.now();
        mayBreakOff ||= hasMoreThanReply(dialogue.script.dot);
        const { takes } = dialogue;
        if (takes) taken.push({ at: Date.now(), to, messageId });
        note(`${messageId} was ${takes ? 'taken' : 'not taken'}: ${dialogue.name}`);
        noteRefusal('final-reply');
        const hold = takes ? held.get(sender) : undefined;
        hold?.arrive();
        const pause = hold ? [{ until: hold.released }] : [];
        return [pause, reply].flat(2);
      },
    };
  }

  return {
    ...{ taken, refusals, submissions, notes, faults },
    ...{ username: 'sandbox', password: 'sandbox-password', caFile: certificate.caFile },
    countBroken: () => [...faults.values()].reduce((sum, count) => sum + count, 0),
    portFor: (sender: string) => listeners.get(sender)?.port ?? 0,
    holdFinalDot,
    /** Breaks one dialogue in four from now on, or none. */
    breakDialogues(value: boolean) {
      breaks = value;
    },
    /** Cuts all connections and closes the ports. */
    stop: close,
    start: async () => {
      listeners = await open();
    },
    async close() {
      await close();
      certificate.remove();
    },
  };
}

/** Whether the relay does more than to say one reply, however late: that may reach into a later message. */
function hasMoreThanReply(moves: Moves = []): boolean {
  const acts = [moves].flat().filter((move) => !(typeof move === 'object' && 'wait' in move));
  return acts.length > 1 || acts.some((act) => !isReply(act));
}

function isReply(move: Move): boolean {
  return typeof move === 'object' && 'say' in move && ONE_REPLY.test(move.say);
}
