import { cancellationSignal } from '@temporalio/activity';
import type { MailToSend, SettledSend, Unsent } from '../../workflows/core/deliver';
import { elapsedMs, scheduledAt } from '../elapsed';
import { contained } from '../failures/contain-failures';
import type { Claimed, Ledger } from '../ledger';
import { composeMail, type Sender } from '../mail/compose-mail';
import type { Mail } from '../mail/mail';
import { ownRun } from '../own-run';
import type { FindRecipient } from '../recipient/find-recipient';
import type { RecipientAddress } from '../recipient/recipient-address';
import { createAlikeRefusals } from './alike-refusals';
import { concludeAttempt, type ConcludeDependencies } from './conclude-attempt';
import {
  type DeferredSend,
  deferredByDatabase,
  OVERTAKEN,
  STOPPED_BEFORE_TURN,
  withoutTurn,
} from './deferred-send';
import type { Mailer } from './mailer';
import { createOneAtATime } from './one-at-a-time';
import { retryDelay } from './retry-delay';
import { consequenceOf } from './send-policy';
import { askedAttempt } from './unasked-attempts';

export interface SendDependencies extends ConcludeDependencies {
  mailer: Mailer;
  ledger: Ledger;
  sender: Sender;
}

type AttemptEnd = SettledSend | Unsent | DeferredSend;

interface AttemptOptions {
  /** Ends the attempt early, but only while nothing was submitted. */
  stop: AbortSignal;
  /** The recipient's address, if it was looked up just now. */
  address?: RecipientAddress;
}

export type AttemptSend = ReturnType<typeof createSendAttempt>;

/**
 * One attempt, claimed in the ledger before the relay is asked and settled after. It never repeats. An
 * error that no code foresaw ends it as a deferral would: with a delay, until it is given up.
 */
export function createSendAttempt(deps: SendDependencies & { findRecipient: FindRecipient }) {
  const { mailer, ledger, sender, findRecipient } = deps;
  const alikeRefusals = createAlikeRefusals();
  const oneAtATime = createOneAtATime();
  /** Mails that have their turn at the relay and wait for the ledger. */
  let claiming = 0;

  return async function attemptSend(
    mail: MailToSend,
    options: AttemptOptions,
  ): Promise<AttemptEnd> {
    const { stop } = options;
    try {
      const ended = await oneAtATime(ownRun().workflowId, stop, () => attempt(mail, options));
      return ended ?? unlessGivenUp(deps, mail, STOPPED_BEFORE_TURN);
    } catch (err) {
      const delayMs = retryDelay({ attempt: askedAttempt(), reply: '', configuration: false });
      const timeIsUp = elapsedMs(mail.startedAt) + delayMs >= deps.giveUpAfterMs;
      if (timeIsUp && !cancellationSignal().aborted) return { reason: 'gave_up' };
      throw contained(err, delayMs);
    }
  };

  async function attempt(mail: MailToSend, { stop, address }: AttemptOptions): Promise<AttemptEnd> {
    const found = address ? { address } : await findRecipient(mail).catch(deferredByDatabase);
    if (!('address' in found)) return found;
    const composed = composeMail(mail, found.address, sender);
    const endTurn = await mailer.takeTurn(stop);
    if (!endTurn) {
      const withoutOne = withoutTurn(claiming > 0 ? 'database' : 'relay');
      return unlessGivenUp(deps, mail, stop.aborted ? STOPPED_BEFORE_TURN : withoutOne);
    }
    const sent = await send(mail, composed, stop).finally(endTurn);
    if (!('attemptId' in sent)) return sent;
    const { attemptId, afterAmbiguous, ended } = sent;
    const verdict = alikeRefusals.judge(composed.to, ended);
    const wasStopped = stop.aborted;
    return concludeAttempt(deps, { mail, attemptId, afterAmbiguous, verdict, wasStopped });
  }

  async function send(mail: MailToSend, composed: Mail, stop: AbortSignal) {
    claiming += 1;
    const claimed = await claim(deps, mail, composed).finally(() => (claiming -= 1));
    if (!('attemptId' in claimed)) return claimed;
    const { attemptId, mailDate: date } = claimed;
    const ended = await mailer.send({ ...composed, date }, stop, () => ledger.submit(attemptId));
    return { ...claimed, ended };
  }
}

/** A claim, or the end of the attempt: what the ledger knows of the mail, or that it did not answer. */
async function claim(
  deps: SendDependencies,
  mail: MailToSend,
  { to: recipient, messageId, date: mailDate }: Mail,
): Promise<Extract<Claimed, { status: 'claimed' }> | AttemptEnd> {
  const { ledger, uncertainPolicy } = deps;
  const { resend, userId, fileName, emailCount, recordedRequests } = mail;
  const { workflowId: eventId, runId } = ownRun();
  const ifLost = consequenceOf('ambiguous', { policy: uncertainPolicy, timeIsUp: false }).state;
  const answer = await ledger
    .claim({
      ...{ eventId, resend, userId, fileName, emailCount, recipient, messageId, mailDate },
      ...{ runId, recordedRequests, ifLost, scheduledAt: scheduledAt(mail.startedAt) },
    })
    .catch(deferredByDatabase);
  if ('delayMs' in answer) return unlessGivenUp(deps, mail, answer);
  switch (answer.status) {
    case 'claimed':
      return answer;
    case 'sent':
      return { verdict: answer.assumed ? 'assumed' : 'accepted', reply: answer.reply };
    case 'parked':
      return { verdict: answer.reason, reply: answer.reply };
    case 'superseded':
      return { verdict: 'superseded', reply: '' };
    case 'overtaken':
      return unlessGivenUp(deps, mail, OVERTAKEN);
  }
}

/** For an attempt that was not claimed, so that the ledger knows nothing of it. */
function unlessGivenUp(
  { giveUpAfterMs }: SendDependencies,
  { startedAt }: MailToSend,
  deferred: DeferredSend,
): AttemptEnd {
  return elapsedMs(startedAt) >= giveUpAfterMs ? { reason: 'gave_up' } : deferred;
}
