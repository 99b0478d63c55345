/** How the upload ended. */
export type Outcome = 'completed' | 'failed';

/** What we need of a provider's task; every field the provider left out or garbled is absent. */
export interface Task {
  id: string;
  userId?: string;
  fileBacked: boolean;
  fileName?: string;
  /** Addresses in the file, an integer >= 0. */
  emailCount?: number;
  /** The file's status, trimmed and lower-cased: `processing`, `completed`, `failed`, … */
  fileStatus?: string;
}

/** One mail that is owed. */
export interface Notification {
  taskId: string;
  outcome: Outcome;
  userId: string;
  fileName: string;
  emailCount: number;
}

/** A notification with its recipient's address and the time it became due (ISO 8601). */
export interface MailToSend extends Notification {
  to: string;
  date: string;
}

export interface Mail {
  from: { name: string; address: string };
  replyTo: string;
  to: string;
  subject: string;
  text: string;
  /** With angle brackets; the same for every attempt, so that mailboxes can collapse copies. */
  messageId: string;
  date: Date;
}

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
      reply: string;
      /** Our configuration or the relay is at fault, never this mail: worth an alert. */
      configuration: boolean;
    }
  | { verdict: 'ambiguous'; reply: string };

/** Why the provider's API gave no answer that can be used. */
export interface TaskApiFault {
  fault: 'not_found' | 'unauthorized' | 'unavailable';
  /** For people: the status and the provider's error code, or what broke. No token, no address. */
  message: string;
  status?: number;
  /** From Retry-After, in milliseconds. */
  retryAfterMs?: number;
}

/** The provider's API; rejects only when `stop` does. */
export interface TaskApi {
  fetchTask(taskId: string, stop: AbortSignal): Promise<Task | TaskApiFault>;
}

/** Addresses of users; never rejects for what the database did. */
export interface RecipientDirectory {
  /** Candidate addresses as stored, best first; blanks left out. */
  findAddresses(
    userId: string,
  ): Promise<{ addresses: string[] } | { fault: 'unavailable'; message: string }>;
}

/** One attempt over one connection; never retries by itself and never rejects for what SMTP did. */
export interface Mailer {
  /** `stop` ends the attempt early, but only while nothing of the body was submitted. */
  send(mail: Mail, stop: AbortSignal): Promise<Verdict>;
}
