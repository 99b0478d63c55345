import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { transient } from './failures';
import { waitedMs } from './patience';
import {
  createSendAttempt,
  type Deferral,
  type SendDependencies,
  type SettledSend,
} from './send-attempt';
import type { MailToSend } from './types';

const HEARTBEAT_INTERVAL = 10_000;
/** A local attempt keeps its workflow task: a relay that hangs must leave room for other tasks. */
const MOST_LOCAL_ATTEMPTS = 20;

export interface SendMailDependencies extends SendDependencies {
  /** Temporal cancels activities when their worker shuts down, but not local ones. */
  shutdown: AbortSignal;
}

/** The two ways to make an attempt: inside the workflow task, or as a task of its own. */
export function createSendMail({ shutdown, ...deps }: SendMailDependencies) {
  const attemptSend = createSendAttempt(deps);
  let localAttempts = 0;

  return {
    /** As a local activity: a deferral is a value, since there is no second attempt of this kind. */
    async sendMailAtOnce(mail: MailToSend): Promise<SettledSend | Deferral> {
      if (localAttempts >= MOST_LOCAL_ATTEMPTS) {
        throw transient('RelaySlow', 'too many mails are on their way to the relay');
      }
      localAttempts += 1;
      return stoppedBy([cancellationSignal(), shutdown], (stop) => attemptSend(mail, stop)).finally(
        () => (localAttempts -= 1),
      );
    },

    /**
     * Until it is settled: Temporal retries it, after the time that the attempt asked for. If the
     * attempt before it was made at once, this first ends as that one did: so a person sees under
     * the pending activity why it waits, and until when.
     */
    async sendMail(mail: MailToSend, atOnce?: Deferral): Promise<SettledSend> {
      if (atOnce && waitedMs() === 0) throw toFailure(atOnce);
      const ended = await withHeartbeats(() => attemptSend(mail, cancellationSignal()));
      if ('delayMs' in ended) throw toFailure(ended);
      return ended;
    },
  };
}

function toFailure({ type, message, delayMs }: Deferral) {
  return transient(type, message, delayMs);
}

/** So that a dead worker is noticed soon, while a live one waits ten minutes for a reply. */
async function withHeartbeats<T>(body: () => Promise<T>): Promise<T> {
  const beat = setInterval(heartbeat, HEARTBEAT_INTERVAL);
  return body().finally(() => clearInterval(beat));
}

async function stoppedBy<T>(signals: AbortSignal[], body: (stop: AbortSignal) => Promise<T>) {
  const either = new AbortController();
  const stop = () => either.abort();
  for (const signal of signals) {
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  }
  return body(either.signal).finally(() =>
    signals.forEach((signal) => signal.removeEventListener('abort', stop)),
  );
}
