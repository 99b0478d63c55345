const MINUTE = 60_000;

/** RFC 5321 §4.5.4.1: soon while the trouble may be short, then every few hours. */
const DELAYS = [1, 5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE);
const LONGEST = 240 * MINUTE;
/** A person has to repair something; asking often locks accounts and fills logs. */
const LEAST_FOR_CONFIGURATION = 15 * MINUTE;
/** Greylisting relays want five minutes between attempts. */
const LEAST_FOR_GREYLISTING = 5 * MINUTE;
const GREYLISTING = /gr[ae]y[- ]?list|\b4\.7\.\d{1,3}\b/i;
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
export function retryDelay({ attempt, reply, configuration }: Deferral, random = Math.random()) {
  const scheduled = (DELAYS[attempt - 1] ?? LONGEST) * (0.8 + 0.4 * random);
  return Math.round(Math.max(scheduled, leastDelay(reply, configuration)));
}

function leastDelay(reply: string, configuration: boolean): number {
  const asked = askedDelay(reply) ?? (GREYLISTING.test(reply) ? LEAST_FOR_GREYLISTING : 0);
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
