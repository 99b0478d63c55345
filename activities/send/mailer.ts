import type { Mail } from '../mail/mail';

/** The step of the SMTP dialogue in which a send ended. */
export type SmtpStep =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail-from'
  | 'rcpt-to'
  | 'data'
  | 'body'
  | 'final-reply';

/**
 * What a send ended as. `accepted`: the relay answered 250 after the final dot. `refused`: a 5yz at
 * RCPT TO or after the dot. `deferred`: certainly not accepted, worth another attempt.
 * `ambiguous`: the body ended and no reply came (RFC 5321 §6.1): the relay may have it.
 */
export type Verdict =
  | { verdict: 'accepted'; reply: string }
  | {
      verdict: 'refused';
      step: SmtpStep;
      /** Absent when the relay was not asked: it cannot take such an address. */
      code?: number;
      reply: string;
    }
  | {
      verdict: 'deferred';
      step: SmtpStep;
      code?: number;
      /** What `remedyFor` knows it by: a reply code, `NO_STARTTLS`, the system's code. */
      cause?: string;
      reply: string;
      /** Our configuration or the relay is at fault, never this mail: worth an alert. */
      configuration: boolean;
    }
  | { verdict: 'ambiguous'; reply: string };

/** What a verdict says beside the reply. */
export type VerdictDetails = Partial<
  Omit<Extract<Verdict, { verdict: 'deferred' }>, 'verdict' | 'reply'>
>;

/**
 * One attempt; never retries after the relay asked for the message, and never rejects for what SMTP
 * did.
 */
export interface Mailer {
  /**
   * Waits until the worker may use a connection to the relay, so that no attempt is claimed before.
   * Resolves to what ends the turn, or to undefined when none came in time or `stop` aborted.
   */
  takeTurn(stop: AbortSignal): Promise<(() => void) | undefined>;
  /**
   * `stop` ends the attempt early, but only while nothing of the body was submitted. The final dot
   * is sent after `beforeFinalDot` has resolved, and not at all if it rejects.
   */
  send(mail: Mail, stop: AbortSignal, beforeFinalDot: () => Promise<void>): Promise<Verdict>;
}
