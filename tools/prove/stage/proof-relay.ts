import { createCertificate } from '../../sandbox/relay/certificate';
import { type Moves, type Script, startScriptedRelay } from '../../sandbox/relay/scripted-relay';
import type { ObservedRefusal, ObservedMail } from '../judge/observations';
import type { Random } from '../random';
import { type BrokenDialogue, brokenDialogues } from './broken-dialogues';

export type ProofRelay = Awaited<ReturnType<typeof startProofRelay>>;

/** What the relay did with a recipient's mail, for the timeline. */
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

/** A sender's next message waits for its reply. */
export interface HeldFinalDot {
  /** Resolves when the relay has the message. */
  reached: Promise<void>;
  release: () => void;
}

/**
 * The relay, with a port for each sender. It records which messages it took and which recipients it
 * refused.
 */
export async function startProofRelay(random: Random, senders: string[]) {
  const certificate = await createCertificate();
  certificate.write();
  const taken: ObservedMail[] = [];
  const refusals: ObservedRefusal[] = [];
  const notes: RelayNote[] = [];
  /** Number of connections by broken dialogue. */
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

  /** Returns the script of one connection. */
  function converse(sender: string): Script {
    const chosen =
      breaks && random.chance(SHARE_BROKEN) ? random.weighted(brokenDialogues) : undefined;
    if (chosen) faults.set(chosen.name, (faults.get(chosen.name) ?? 0) + 1);
    let dialogue: BrokenDialogue = chosen ?? { name: 'takes the mail' };
    let to = '';
    const note = (did: string) => notes.push({ at: Date.now(), to, did });
    /** Records a permanent refusal of the recipient or of the message. */
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
        note(`${sender} submits a mail; ${dialogue.name}`);
        return answered((dialogue.script?.rcpt as Moves | undefined) ?? { say: '250 2.1.5 ok' });
      },
      dot(message) {
        const messageId = /^message-id:\s*(\S+)/im.exec(message)?.[1] ?? '';
        const keeps = dialogue.keeps ?? dialogue.dot === undefined;
        if (keeps) taken.push({ at: Date.now(), to, messageId });
        note(`${messageId} ${keeps ? 'was taken' : 'was not taken'}: ${dialogue.name}`);
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
