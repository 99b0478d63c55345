import { createCertificate } from '../../sandbox/relay/certificate';
import { type Moves, type Script, startScriptedRelay } from '../../sandbox/relay/scripted-relay';
import type { RefusalTruth, TakenTruth } from '../judge/truths';
import type { Random } from '../random';
import { type BrokenDialogue, brokenDialogues } from './broken-dialogues';

export type ProofRelay = Awaited<ReturnType<typeof startProofRelay>>;

/** What the relay did to a recipient's mail, for the story of it. */
export interface RelayNote {
  at: number;
  to: string;
  did: string;
}

const REFUSED: BrokenDialogue = {
  name: 'does not know the recipient',
  script: { rcpt: { say: '550 5.1.1 no such user' } },
};
const SPAM: BrokenDialogue = { name: 'calls it spam', dot: { say: '554 5.6.0 spam' } };
const ACCEPTED: Moves = { say: '250 2.0.0 queued' };
const SHARE_BROKEN = 0.25;

/** Keeps the next message of a sender waiting for its reply. */
export interface HeldDot {
  /** Resolves when the relay has the message. */
  reached: Promise<void>;
  release: () => void;
}

/**
 * The relay, with a door for each sender, and what it knows for sure: which messages it has, and
 * whom it has refused.
 */
export async function startProofRelay(random: Random, senders: string[]) {
  const certificate = await createCertificate();
  certificate.write();
  const taken: TakenTruth[] = [];
  const refusals: RefusalTruth[] = [];
  const notes: RelayNote[] = [];
  /** How often each broken dialogue was played. */
  const faults = new Map<string, number>();
  let breaks = false;
  const held = new Map<string, { arrive: () => void; released: Promise<void> }>();
  let doors = await open();

  async function open() {
    const opened = senders.map(async (sender) => {
      const door = await startScriptedRelay(() => converse(sender), { certificate });
      return [sender, door] as const;
    });
    return new Map(await Promise.all(opened));
  }

  const close = () => Promise.all([...doors.values()].map((door) => door.close()));

  function holdDot(sender: string): HeldDot {
    let arrive = () => {};
    let release = () => {};
    const reached = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    held.set(sender, { arrive, released });
    return { reached, release: () => (held.delete(sender), release()) };
  }

  /** The script of one connection. */
  function converse(sender: string): Script {
    const chosen =
      breaks && random.chance(SHARE_BROKEN) ? random.weighted(brokenDialogues) : undefined;
    if (chosen) faults.set(chosen.name, (faults.get(chosen.name) ?? 0) + 1);
    let dialogue: BrokenDialogue = chosen ?? { name: 'takes the mail' };
    let to = '';
    const note = (did: string) => notes.push({ at: Date.now(), to, did });
    /** A 5yz is a refusal of this recipient or of this message, for good. */
    function answered(moves: Moves): Moves {
      const [first] = [moves].flat();
      if (typeof first === 'object' && 'say' in first && /^55/.test(first.say)) {
        refusals.push({ at: Date.now(), to, reply: first.say });
      }
      return moves;
    }

    return {
      ...dialogue.script,
      rcpt(line) {
        to = /<([^<>]*)>/.exec(line)?.[1] ?? '';
        if (to.startsWith('refused-')) dialogue = REFUSED;
        if (to.startsWith('spam-')) dialogue = SPAM;
        note(`asked by ${sender} to take a mail; ${dialogue.name}`);
        return answered((dialogue.script?.rcpt as Moves | undefined) ?? { say: '250 2.1.5 ok' });
      },
      dot(message) {
        const messageId = /^message-id:\s*(\S+)/im.exec(message)?.[1] ?? '';
        const keeps = dialogue.keeps ?? dialogue.dot === undefined;
        if (keeps) taken.push({ at: Date.now(), to, messageId });
        note(`${messageId} ${keeps ? 'is taken' : 'is not taken'}: ${dialogue.name}`);
        const hold = keeps ? held.get(sender) : undefined;
        hold?.arrive();
        const pause = hold ? [{ until: hold.released }] : [];
        return [pause, answered(dialogue.dot ?? ACCEPTED)].flat(2);
      },
    };
  }

  return {
    ...{ taken, refusals, notes, faults },
    ...{ username: 'sandbox', password: 'sandbox-password', caFile: certificate.caFile },
    countBroken: () => [...faults.values()].reduce((sum, count) => sum + count, 0),
    portFor: (sender: string) => doors.get(sender)?.port ?? 0,
    holdDot,
    /** From now on one dialogue in four is broken, until it is told to stop. */
    breakDialogues(value: boolean) {
      breaks = value;
    },
    /** Cuts everything. */
    stop: close,
    start: async () => {
      doors = await open();
    },
    async close() {
      await close();
      certificate.remove();
    },
  };
}
