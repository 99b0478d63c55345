import { activityInfo } from '@temporalio/activity';
import { retrySchedule } from '../../workflows/core/retry-schedule';
import { type StepFailure, stepFailureOf } from '../../workflows/core/step-failure';
import { claimDelay } from './retry-delay';

/** Why a send is not over, and how long its next attempt has to wait. */
export interface DeferredSend extends StepFailure {
  delayMs: number;
}

/** The database did not answer, so that the relay was not asked. */
export function deferredByDatabase(err: unknown): DeferredSend {
  const { nextRetryDelay } = Object(err) as { nextRetryDelay?: unknown };
  /** A database that refuses this worker says when it may be asked again. */
  const askedMs = typeof nextRetryDelay === 'number' ? nextRetryDelay : 0;
  return {
    ...stepFailureOf(err),
    delayMs: Math.max(claimDelay(activityInfo().attempt), askedMs),
  };
}

/** All connections of the worker stayed in use, so that the relay was not asked. */
export function withoutTurn(wasStopped: boolean): DeferredSend {
  return {
    ...{ type: 'RelaySlow', message: 'all connections to the relay are in use', part: 'relay' },
    delayMs: wasStopped ? retrySchedule.handOn.delayMs : claimDelay(activityInfo().attempt),
  };
}
