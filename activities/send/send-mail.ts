import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { toFailure, transient } from '../failures/transient';
import { waitedMs } from '../elapsed';
import {
  createSendAttempt,
  type Deferral,
  type SendDependencies,
  type SettledSend,
} from './send-attempt';
import type { MailToSend } from '../../workflows/core/deliver';

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
  const localAttempts = new Set<AbortController>();
  shutdown.addEventListener('abort', () => localAttempts.forEach((attempt) => attempt.abort()));

  return {
    /** As a local activity: a deferral is a value, since there is no second attempt of this kind. */
    async sendMailAtOnce(mail: MailToSend): Promise<SettledSend | Deferral> {
      if (localAttempts.size >= MOST_LOCAL_ATTEMPTS) {
        throw transient('RelaySlow', 'too many mails are on their way to the relay', {
          part: 'relay',
        });
      }
      const attempt = new AbortController();
      localAttempts.add(attempt);
      const cancelled = cancellationSignal();
      cancelled.addEventListener('abort', () => attempt.abort());
      if (cancelled.aborted || shutdown.aborted) attempt.abort();
      return attemptSend(mail, attempt.signal).finally(() => localAttempts.delete(attempt));
    },

    /**
     * Until it is settled: Temporal retries it, after the time that the attempt asked for. If the
     * attempt before it was made at once, this first ends as that one did: so a person sees under
     * the pending activity why it waits, and until when.
     */
    async sendMail(mail: MailToSend, atOnce?: Deferral): Promise<SettledSend> {
      if (atOnce && waitedMs() === 0) throw toFailure(atOnce, atOnce.delayMs);
      const ended = await withHeartbeats(() => attemptSend(mail, cancellationSignal()));
      if ('delayMs' in ended) throw toFailure(ended, ended.delayMs);
      return ended;
    },
  };
}

/** So that a dead worker is noticed soon, while a live one waits ten minutes for a reply. */
async function withHeartbeats<T>(body: () => Promise<T>): Promise<T> {
  const beat = setInterval(heartbeat, HEARTBEAT_INTERVAL);
  return body().finally(() => clearInterval(beat));
}
