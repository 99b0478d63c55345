import { type EnhancedCode, enhancedCodes } from '../../../activities/send/enhanced-code';
import type { SmtpStep } from '../../../activities/send/mailer';

/**
 * How to continue after a negative reply. `refuse`: the recipient or the message is at fault, so this
 * notification ends. `wait`: try again later. `hold`: every mail fails until a person acts, so try
 * again slowly and raise an alert.
 */
export type Reaction = 'refuse' | 'wait' | 'hold';

/** `by code`: decide by the reply code alone. `552 only`: refuse if the reply code is 552. */
type Rule = Reaction | 'by code' | '552 only';

/**
 * Enhanced codes of class 5, without the class, at RCPT TO and after the final dot (the registry of
 * RFC 5248, and the usage of relays). All other codes hold. A code that relays use both for the
 * recipient and for the sender, such as 5.7.1, holds as well, because mail that waits is not lost.
 */
const PERMANENT: [details: string, rcptTo: Rule, finalReply: Rule][] = [
  ['0.0', 'by code', 'by code'],
  // The code means the address of the command; after the dot that may be the sender's.
  ['1.0', 'refuse', 'hold'],
  // No such mailbox or domain, bad syntax, moved away, a null MX.
  ['1.1 1.2 1.3 1.4 1.6 1.10', 'refuse', 'refuse'],
  // After the dot, Microsoft means the quota of the sender's mailbox.
  ['2.0', 'refuse', 'hold'],
  ['2.2', 'refuse', '552 only'],
  // The mailbox is disabled; Google also uses it for "receives mail too quickly".
  ['2.1', 'wait', 'wait'],
  ['2.3 2.4 3.4 7.2', 'refuse', 'refuse'],
  ['3.0 3.1 3.2 4.0 4.2', 'wait', 'wait'],
  // Microsoft's "access denied" for a mailbox that does not exist; no route; a loop.
  ['4.1 4.4 4.6 4.7', 'refuse', 'refuse'],
  // "Too many recipients" for a single recipient is a quota.
  ['5.3', 'wait', 'wait'],
  ['6.0 6.1 6.2 6.3 6.4 6.5 6.7 6.8 6.9 6.10', 'refuse', 'refuse'],
  ['7.0 7.1', 'hold', '552 only'],
  ['7.3 7.4 7.5 7.6 7.7', 'hold', 'refuse'],
  ['7.15', 'wait', 'wait'],
  ['7.16', 'refuse', 'refuse'],
  // Microsoft: the recipient's group does not accept mail from outside.
  ['7.124 7.133 7.134 7.135 7.136', 'refuse', 'refuse'],
];

/** For replies without an enhanced code. All other codes hold. */
const PLAIN = {
  'rcpt-to': { 550: 'refuse', 551: 'refuse', 552: 'wait', 556: 'refuse' },
  'final-reply': { 550: 'refuse', 552: 'refuse' },
} as const satisfies Record<string, Record<number, Reaction>>;

/**
 * Codes about the session, whatever the enhanced code: an unknown or unexpected command, or
 * authentication. They are never about the recipient or the message.
 */
const SESSION_CODES = new Set([500, 502, 503, 504, 530, 534, 535, 538]);

/** Class 4, but a person must act: the sender's domain or host, a flood, a password to change. */
const HELD_TEMPORARY = new Set(['1.7', '1.8', '7.12', '7.25', '7.28']);
/** At AUTH without an enhanced code: "Maximum credits exceeded", a password to change (RFC 4954 §6). */
const HELD_AT_AUTH = new Set([451, 432]);

type JudgedStep = keyof typeof PLAIN;
const BY_STEP: Record<JudgedStep, Map<string, Rule>> = {
  'rcpt-to': rules(([, rcptTo]) => rcptTo),
  'final-reply': rules(([, , finalReply]) => finalReply),
};

function rules(of: (row: (typeof PERMANENT)[number]) => Rule): Map<string, Rule> {
  return new Map(PERMANENT.flatMap((row) => row[0].split(' ').map((detail) => [detail, of(row)])));
}

/** Decides by the step, the reply code and the enhanced codes, never by the text. */
export function reactionTo(step: SmtpStep, code: number, reply: string): Reaction {
  const enhanced = enhancedCodes(reply);
  if (code < 500) return reactionToTemporary(step, code, enhanced);
  if ((step !== 'rcpt-to' && step !== 'final-reply') || SESSION_CODES.has(code)) return 'hold';
  // An enhanced code of another class contradicts the reply code, so the meaning is unknown.
  if (enhanced.some((it) => it.class !== 5)) return 'hold';
  const reactions = enhanced.length
    ? enhanced.map((it) => reactionToDetail(step, code, detailOf(it)))
    : [reactionToPlain(step, code)];
  const strictestFirst: Reaction[] = ['hold', 'wait', 'refuse'];
  return strictestFirst.find((reaction) => reactions.includes(reaction)) ?? 'hold';
}

function reactionToDetail(step: JudgedStep, code: number, detail: string): Reaction {
  const rule = BY_STEP[step].get(detail) ?? 'hold';
  if (rule === 'by code') return reactionToPlain(step, code);
  if (rule === '552 only') return code === 552 ? 'refuse' : 'hold';
  return rule;
}

function reactionToPlain(step: JudgedStep, code: number): Reaction {
  const reactions: Record<number, Reaction | undefined> = PLAIN[step];
  return reactions[code] ?? 'hold';
}

function reactionToTemporary(step: SmtpStep, code: number, enhanced: EnhancedCode[]): Reaction {
  const agreeing = enhanced.filter((it) => it.class === 4);
  if (agreeing.some((it) => HELD_TEMPORARY.has(detailOf(it)))) return 'hold';
  return step === 'auth' && agreeing.length === 0 && HELD_AT_AUTH.has(code) ? 'hold' : 'wait';
}

function detailOf({ subject, detail }: EnhancedCode): string {
  return `${subject}.${detail}`;
}
