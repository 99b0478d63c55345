import { activityInfo } from '@temporalio/activity';
import { retrySchedule } from '../../workflows/core/retry-schedule';
import { type StepFailure, stepFailureOf } from '../../workflows/core/step-failure';
import type { AttemptSettlement } from '../ledger';
import { claimDelay } from './retry-delay';

/** Why a send is not over, and how long its next attempt has to wait. */
export interface DeferredSend extends StepFailure {
  delayMs: number;
  /** The relay was not asked: its schedule goes on as if this attempt had not been. */
  isUnasked?: true;
  /**
   * What the ledger could not be told. Otherwise an attempt that the relay answered, or that never had
   * its final dot, would look as if its worker had died: ambiguous.
   */
  unrecorded?: AttemptSettlement;
}

/** The database did not answer, so that the relay was not asked. */
export function deferredByDatabase(err: unknown): DeferredSend {
  const { nextRetryDelay } = Object(err) as { nextRetryDelay?: unknown };
  /** A database that refuses this worker says when it may be asked again. */
  const askedMs = typeof nextRetryDelay === 'number' ? nextRetryDelay : 0;
  return {
    ...stepFailureOf(err),
    delayMs: Math.max(claimDelay(activityInfo().attempt), askedMs),
    isUnasked: true,
  };
}

/**
 * All connections of the worker stayed in use, so that the relay was not asked. The next attempt waits
 * in the task queue, however many there were.
 */
export function withoutTurn(part: 'relay' | 'database'): DeferredSend {
  const message = `all connections to the relay are in use, by mails that wait for the ${part}`;
  return {
    ...{ type: 'NoTurn', message, part, isUnasked: true },
    delayMs: retrySchedule.claim.delayMinMs,
  };
}

/** Temporal gave this attempt up, so that a later one is under way. */
export const OVERTAKEN: DeferredSend = {
  ...{ type: 'ClaimLost', message: 'a later attempt is under way' },
  delayMs: retrySchedule.handOn.delayMs,
  isUnasked: true,
};

/** The worker shuts down, or the delivery begins anew. */
export const STOPPED_BEFORE_TURN: DeferredSend = {
  ...{ type: 'Stopped', message: 'stopped before its turn at the relay' },
  delayMs: retrySchedule.handOn.delayMs,
  isUnasked: true,
};
