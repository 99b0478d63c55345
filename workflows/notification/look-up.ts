import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import { type StepFailure, stepFailureOf } from '../core/step-failure';
import { durableLookup, quickLookup } from './activity-options';
import type { Hurry } from './hurry';

const quick = proxyLocalActivities<Activities>(quickLookup);
const durable = proxyActivities<Activities>(durableLookup);

type LookUp = <T>(
  call: (activities: Activities) => Promise<T>,
  hurry?: Hurry,
  /** Told why the quick call failed. */
  showTrouble?: (trouble: StepFailure) => void,
) => Promise<T>;

const patiently: Hurry = (run) => run(false);

/** Waits for hours when it has to; `hurry` is for a wait that a `resend` is to end. */
export const durably: LookUp = (call, hurry = patiently) => hurry(() => call(durable));

/** A short call that costs no task-queue trip while all is well, and is made durably when it is not. */
export const quickThenDurably: LookUp = (call, hurry, showTrouble) =>
  call(quick).catch((err: unknown) => {
    if (isCancellation(err)) throw err;
    showTrouble?.(stepFailureOf((err as Error).cause ?? err));
    return durably(call, hurry);
  });

/** For what has to be recorded in the ledger; a `resend` does not shorten this wait. */
export const recordShowing =
  (showTrouble: (trouble: StepFailure) => void) =>
  <T>(call: (activities: Activities) => Promise<T>): Promise<T> =>
    quickThenDurably(call, undefined, showTrouble);
