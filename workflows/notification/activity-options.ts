import {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import { retrySchedule } from '../core/retry-schedule';
import { sendActivityTimeoutMs } from '../core/send-timeout';

const { lookup, lostWorker } = retrySchedule;

/** A request cancels a wait; an attempt that is under way has to end before the next one begins. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** One try inside the workflow task; Temporal is told of the task's life meanwhile. */
export const onceOptions: LocalActivityOptions = {
  startToCloseTimeout: sendActivityTimeoutMs,
  retry: { maximumAttempts: 1 },
  cancellationType,
};

/** One try to reach the ledger; what it does not settle becomes a durable activity. */
export const quickRecordOptions: LocalActivityOptions = {
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
};

/** For look-ups and records: tried until it succeeds. */
export const lookupOptions: ActivityOptions = {
  startToCloseTimeout: '45s',
  retry: {
    initialInterval: lookup.delayMinMs,
    backoffCoefficient: 2,
    maximumInterval: lookup.delayMaxMs,
  },
  cancellationType,
};

/**
 * A dead worker is noticed by the missing heartbeat. Failed attempts set their own delay: this
 * interval applies only after a lost worker.
 */
export const sendOptions: ActivityOptions = {
  startToCloseTimeout: sendActivityTimeoutMs,
  heartbeatTimeout: '30s',
  retry: { initialInterval: lostWorker.delayMs, backoffCoefficient: 1 },
  cancellationType,
};
