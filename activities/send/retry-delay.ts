import { retrySchedule } from '../../workflows/core/retry-schedule';
import { enhancedCodes } from './enhanced-code';

const { send, claim } = retrySchedule;

const GREYLISTING = /gr[ae]y[- ]?list/i;
const RATE = /too (?:many|much)|too quickly|throttl|rate[- ]limit|concurrent connections/i;
/** Too many connections, where 4.3.2 alone is a relay that takes no mail (Microsoft 365). */
const CONNECTION_LIMIT_CODE = '432';
/** The connection is out of step, which the next one is not. */
const OUT_OF_SEQUENCE_CODE = '503';

const IN_SOME_TIME = /\b(\d{1,5})\s*(second|sec|minute|min|hour)s?\b/i;
const UNITS_MS: Record<string, number> = { sec: 1_000, min: 60_000, hou: 3_600_000 };

export interface RetryCircumstances {
  /** From 1. */
  attempt: number;
  reply: string;
  configuration: boolean;
}

/** Milliseconds until the next attempt: the schedule, and no less than the relay's reply asks for. */
export function retryDelay(circumstances: RetryCircumstances, random = Math.random()): number {
  const { delaysMs, delayMaxMs, jitterRatio } = send;
  const scheduledMs = delaysMs[circumstances.attempt - 1] ?? delayMaxMs;
  const aroundMs = scheduledMs * (1 + jitterRatio * (2 * random - 1));
  return Math.round(Math.max(aroundMs, delayMinMs(circumstances) * (1 + jitterRatio * random)));
}

/**
 * Whether a 4yz is about rates, connections or access for now: 4.7.x, 4.4.5, too many of something.
 * The text decides about a delay and a hint, never about the mail.
 */
export function speaksOfRate(reply: string): boolean {
  if (!reply.startsWith('4')) return false;
  const isRate = ({ subject, detail }: { subject: number; detail: number }) =>
    subject === 7 || (subject === 4 && detail === 5);
  return (
    enhancedCodes(reply).some(isRate) || reply.startsWith(CONNECTION_LIMIT_CODE) || RATE.test(reply)
  );
}

function delayMinMs({ attempt, reply, configuration }: RetryCircumstances): number {
  const isSlow = speaksOfRate(reply) || GREYLISTING.test(reply);
  const askedMs = askedDelayMs(reply) ?? (isSlow ? send.rateMinMs : 0);
  if (attempt === 1 && reply.startsWith(OUT_OF_SEQUENCE_CODE)) return askedMs;
  return configuration ? Math.max(askedMs, send.configurationMinMs) : askedMs;
}

/** "Try again in 10 minutes"; more than our own longest delay is not believed. */
function askedDelayMs(reply: string): number | undefined {
  const [, amount, unit] = IN_SOME_TIME.exec(reply) ?? [];
  if (!amount || !unit) return undefined;
  const askedMs = Number(amount) * (UNITS_MS[unit.slice(0, 3).toLowerCase()] ?? 0);
  return askedMs <= send.delayMaxMs ? askedMs : undefined;
}

/** For an attempt that was not claimed: the relay was not asked, so the next one comes soon. */
export function claimDelay(attempt: number): number {
  return Math.min(claim.delayMinMs * 2 ** (attempt - 1), claim.delayMaxMs);
}
