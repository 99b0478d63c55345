import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { MailToSend, SettledSend, Unsent } from '../../workflows/core/deliver';
import { isFirstScheduling } from '../elapsed';
import { toFailure } from '../failures/transient';
import type { DeferredSend } from './deferred-send';
import type { AttemptSend } from './send-attempt';
import { type SendProgress, unaskedAttempts } from './unasked-attempts';

const HEARTBEAT_INTERVAL_MS = 10_000;

/**
 * One attempt, which Temporal repeats until the send is settled, after the delay that each attempt
 * asks for. If an attempt was made before the activity, its first one ends as that did: so a person
 * sees under the pending activity why it waits, and until when. An attempt whose end the ledger could
 * not be told is the activity's last one: the workflow has it recorded before the next claim.
 */
export function createSendMail(attemptSend: AttemptSend) {
  return async function sendMail(
    mail: MailToSend,
    attemptBefore?: DeferredSend,
  ): Promise<SettledSend | Unsent | DeferredSend> {
    const progress: SendProgress = { unasked: unaskedAttempts() };
    if (attemptBefore && isFirstScheduling()) throw deferredFailure(attemptBefore, progress);
    const ended = await withHeartbeats(progress, () =>
      attemptSend(mail, { stop: cancellationSignal() }),
    );
    if ('delayMs' in ended && !ended.unrecorded) throw deferredFailure(ended, progress);
    return ended;
  };
}

function deferredFailure(deferred: DeferredSend, { unasked }: SendProgress) {
  heartbeat({ unasked: unasked + (deferred.isUnasked ? 1 : 0) } satisfies SendProgress);
  return toFailure(deferred, deferred.delayMs);
}

/** A dead worker is noticed soon, while a live one may wait ten minutes for a reply. */
async function withHeartbeats<T>(progress: SendProgress, body: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(progress), HEARTBEAT_INTERVAL_MS);
  return body().finally(() => clearInterval(timer));
}
