import { cancellationSignal } from '@temporalio/activity';
import {
  deliver,
  type Delivery,
  type DeliverySteps,
  type Recipient,
  type SettledSend,
  type Unsent,
} from '../workflows/core/deliver';
import type { Task } from '../workflows/core/decision';
import { type StepFailure, stepFailureOf } from '../workflows/core/step-failure';
import type { FindRecipient } from './recipient/find-recipient';
import type { RecipientAddress } from './recipient/recipient-address';
import type { DeferredSend } from './send/deferred-send';
import type { LocalSends } from './send/local-sends';
import type { AttemptSend } from './send/send-attempt';
import type { FetchTask } from './task/fetch-task';
import { withTimeLimit } from './time-limit';

/** A look-up that takes longer is made by its durable activity. */
const LOOKUP_TIMEOUT_MS = 5_000;

export interface DeliverOnceDependencies {
  fetchTask: FetchTask;
  findRecipient: FindRecipient;
  attemptSend: AttemptSend;
  sendLocally: LocalSends;
  /** The task queue keeps a rate limit for the relay: local activities do not pass through it. */
  hasRateLimit: boolean;
}

/** What one try found, step by step. */
export interface Found {
  task?: Task | Unsent;
  recipient?: Recipient | Unsent;
  sent?: SettledSend | Unsent;
  /** Why the next step did not succeed; `delayMs`: how long its next attempt has to wait. */
  failure?: StepFailure & Partial<Pick<DeferredSend, 'delayMs' | 'isUnasked' | 'unrecorded'>>;
}

/** Ends the recipe without a result: a durable activity takes the step. */
class LeftToActivity extends Error {}

/**
 * A delivery whose steps are tried once and quickly, as one local activity: while all is well it is
 * the only one. A step that fails is a value, not a failure: the workflow continues from there.
 */
export function createDeliverOnce(deps: DeliverOnceDependencies) {
  return async function deliverOnce(delivery: Delivery): Promise<Found> {
    const found: Found = {};
    try {
      await deliver(delivery, stepsOnce(deps, delivery, found));
    } catch (err) {
      // What the ledger could not be told is known here alone: a request may not discard it.
      if (!found.failure?.unrecorded) cancellationSignal().throwIfAborted();
      if (!(err instanceof LeftToActivity)) found.failure = stepFailureOf(err);
    }
    return found;
  };
}

/** Each step notes in `found` what it finds. */
function stepsOnce(
  { fetchTask, findRecipient, attemptSend, sendLocally, hasRateLimit }: DeliverOnceDependencies,
  { event: { taskId, isVerified }, startedAt }: Delivery,
  found: Found,
): DeliverySteps {
  let address: RecipientAddress | undefined;
  return {
    async fetchTask() {
      const query = { taskId, isVerified, startedAt };
      return (found.task = await quickly((stop) => fetchTask(query, stop)));
    },
    async resolveRecipient({ userId }) {
      const recipient = await quickly(() => findRecipient({ userId, startedAt }));
      if ('reason' in recipient) return (found.recipient = recipient);
      ({ address } = recipient);
      return (found.recipient = { source: recipient.source });
    },
    async send(mail) {
      if (hasRateLimit) throw new LeftToActivity();
      const ended = await sendLocally((stop) => attemptSend(mail, { stop, address }));
      if (!('delayMs' in ended)) return (found.sent = ended);
      found.failure = ended;
      throw new LeftToActivity();
    },
  };
}

/** Holds for a look-up that ignores its signal, too. */
function quickly<T>(lookUp: (stop: AbortSignal) => Promise<T>): Promise<T> {
  return withTimeLimit(LOOKUP_TIMEOUT_MS, cancellationSignal(), (stop) => {
    const stopped = new Promise<never>((_resolve, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason as Error));
    });
    return Promise.race([lookUp(stop), stopped]);
  });
}
