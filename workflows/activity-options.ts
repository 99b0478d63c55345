import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/** One quick try inside the workflow task; whatever it does not settle becomes a durable activity. */
export const quickLookup: LocalActivityOptions = {
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
};

export const durableLookup: ActivityOptions = {
  startToCloseTimeout: '45s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
};

/**
 * Longer than the longest send (RFC 5321 §4.5.3.2: ten minutes for the final reply alone); a dead
 * worker is noticed by the missing heartbeat. The interval counts where the activity names none.
 */
export const durableSend: ActivityOptions = {
  startToCloseTimeout: '16m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1m', backoffCoefficient: 3, maximumInterval: '4h' },
};
