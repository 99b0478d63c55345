import { CancellationScope, isCancellation, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { Found } from '../../activities/deliver-once';
import { deliver, type Delivery, type DeliveryResult } from '../core/deliver';
import { stepFailureOf } from '../core/step-failure';
import { onceOptions } from './activity-options';
import { durableSteps } from './durable-steps';
import type { InLedger } from './in-ledger';
import type { Progress } from './progress';
import type { ResendRequests } from './resend-requests';

interface AttemptOptions {
  requests: ResendRequests;
  progress: Progress;
  inLedger: InLedger;
}

const local = proxyLocalActivities<Activities>(onceOptions);

/**
 * Delivers a mail: everything is tried once inside the workflow task, which costs no trip through the
 * task queue, and the steps that failed become durable activities. The ledger's claim makes it safe
 * when the workflow task is lost and repeated. Undefined: a request interrupted the delivery before it
 * was settled.
 *
 * A request that came before the local activity counts as one that came while it ran: a worker that
 * got its workflow task late sees it come meanwhile, a replay sees it there before.
 */
export async function attemptDelivery(
  delivery: Delivery,
  { requests, progress, inLedger }: AttemptOptions,
): Promise<DeliveryResult | undefined> {
  const scope = new CancellationScope();
  requests.onArrival(() => scope.cancel());
  try {
    return await scope.run(async () => {
      const found = await tryOnce(delivery, progress);
      if (requests.arePending()) scope.cancel();
      return deliver(delivery, durableSteps(delivery, found, { progress, inLedger }));
    });
  } catch (err) {
    // Not only by a cancellation: an attempt under way may fail, and is not retried once cancelled.
    if (!requests.arePending()) throw err;
    return undefined;
  } finally {
    requests.onArrival(undefined);
  }
}

async function tryOnce(delivery: Delivery, progress: Progress): Promise<Found> {
  progress.begin('trying everything once', delivery.resend);
  try {
    return await local.deliverOnce(delivery);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return { failure: stepFailureOf((err as Error).cause ?? err) };
  }
}
