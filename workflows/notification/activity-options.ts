import {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';

/** A `resend` cancels a wait; an attempt that is under way has to end before the next one begins. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** One quick try inside the workflow task; whatever it does not settle becomes a durable activity. */
export const quickLookup: LocalActivityOptions = {
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
};

export const durableLookup: ActivityOptions = {
  startToCloseTimeout: '45s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
  cancellationType,
};

/** Also longer than the longest send; Temporal is told of the workflow task's life meanwhile. */
export const sendAtOnce: LocalActivityOptions = {
  startToCloseTimeout: '16m',
  retry: { maximumAttempts: 1 },
  cancellationType,
};

/**
 * Longer than the longest send (RFC 5321 §4.5.3.2: ten minutes for the final reply alone); a dead
 * worker is noticed by the missing heartbeat. Attempts name their delays, so the interval counts for
 * one that was lost with its worker, however many came before it; one that was only frozen has this
 * minute to record how it ended.
 */
export const durableSend: ActivityOptions = {
  startToCloseTimeout: '16m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1m', backoffCoefficient: 1 },
  cancellationType,
};
