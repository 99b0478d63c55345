import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { AttemptSettlement } from '../../activities/ledger';
import { type StepFailure, stepFailureOf } from '../core/step-failure';
import { lookupOptions, quickRecordOptions } from './activity-options';

const quick = proxyLocalActivities<Activities>(quickRecordOptions);
const durable = proxyActivities<Activities>(lookupOptions);

export type InLedger = ReturnType<typeof createInLedger>;

/**
 * Records in the ledger: by a short call that costs no trip through the task queue, or durably when
 * that fails. A request does not interrupt it.
 */
export function createInLedger(showFailure: (failure: StepFailure) => void) {
  return async function inLedger<T>(record: (activities: Activities) => Promise<T>): Promise<T> {
    try {
      return await record(quick);
    } catch (err) {
      if (isCancellation(err)) throw err;
      showFailure(stepFailureOf((err as Error).cause ?? err));
      return record(durable);
    }
  };
}

/** How an attempt ended is known here alone: neither a request nor a cancellation may discard it. */
export function recordSettlement(inLedger: InLedger, settlement: AttemptSettlement): Promise<void> {
  return CancellationScope.nonCancellable(() =>
    inLedger((activities) => activities.recordSettlement(settlement)),
  );
}
