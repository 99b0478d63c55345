import { enhancedCodes } from './enhanced-code';

const MINUTE = 60_000;

/** RFC 5321 §4.5.4.1: soon while the trouble may be short, then every few hours. */
const DELAYS = [1, 5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE);
const LONGEST = 240 * MINUTE;
/** A person has to repair something; asking often locks accounts and fills logs. */
const LEAST_FOR_CONFIGURATION = 15 * MINUTE;
/** Greylisting relays want five minutes between attempts; limits of a rate are counted as long. */
const LEAST_FOR_RATE = 5 * MINUTE;
/** Upwards only: what a relay asks for is a minimum, and mails that wait together come one by one. */
const JITTER = 0.2;

const GREYLISTING = /gr[ae]y[- ]?list/i;
const RATE = /too (?:many|much)|too quickly|throttl|rate[- ]limit|concurrent connections/i;
/** Too many connections, where 4.3.2 alone is a relay that takes no mail (Microsoft 365). */
const CONNECTION_LIMIT_CODE = '432';
/** The connection is out of step, which the next one is not. */
const OUT_OF_SEQUENCE_CODE = '503';

const IN_SOME_TIME = /\b(\d{1,5})\s*(second|sec|minute|min|hour)s?\b/i;
const UNITS: Record<string, number> = { sec: 1_000, min: MINUTE, hou: 60 * MINUTE };

const SOON = 2_000;
const SOON_ENOUGH = 10 * MINUTE;

export interface Deferral {
  /** From 1. */
  attempt: number;
  reply: string;
  configuration: boolean;
}

/** Milliseconds until the next attempt: the schedule, steered by the relay's own words. */
export function retryDelay(deferral: Deferral, random = Math.random()): number {
  const scheduled = (DELAYS[deferral.attempt - 1] ?? LONGEST) * (0.8 + 0.4 * random);
  return Math.round(Math.max(scheduled, leastDelay(deferral) * (1 + JITTER * random)));
}

/**
 * Whether a 4yz is about rates, connections or access for now: 4.7.x, 4.4.5, too many of something.
 * The text steers a delay and a hint, never what becomes of the mail.
 */
export function speaksOfRate(reply: string): boolean {
  if (!reply.startsWith('4')) return false;
  const isRate = ({ subject, detail }: { subject: number; detail: number }) =>
    subject === 7 || (subject === 4 && detail === 5);
  return (
    enhancedCodes(reply).some(isRate) || reply.startsWith(CONNECTION_LIMIT_CODE) || RATE.test(reply)
  );
}

function leastDelay({ attempt, reply, configuration }: Deferral): number {
  const slow = speaksOfRate(reply) || GREYLISTING.test(reply);
  const asked = askedDelay(reply) ?? (slow ? LEAST_FOR_RATE : 0);
  if (attempt === 1 && reply.startsWith(OUT_OF_SEQUENCE_CODE)) return asked;
  return configuration ? Math.max(asked, LEAST_FOR_CONFIGURATION) : asked;
}

/** "Try again in 10 minutes"; what is longer than our own longest delay is not believed. */
function askedDelay(reply: string): number | undefined {
  const [, amount, unit] = IN_SOME_TIME.exec(reply) ?? [];
  if (!amount || !unit) return undefined;
  const milliseconds = Number(amount) * (UNITS[unit.slice(0, 3).toLowerCase()] ?? 0);
  return milliseconds <= LONGEST ? milliseconds : undefined;
}

/** For an attempt that could not be claimed: the relay was not troubled, so it is made up for soon. */
export function claimDelay(attempt: number): number {
  return Math.min(SOON * 2 ** (attempt - 1), SOON_ENOUGH);
}
