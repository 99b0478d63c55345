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

export interface MailToSend extends Notification {
  to: string;
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
  | { verdict: 'refused'; step: SmtpStep; code: number; reply: string }
  | {
      verdict: 'deferred';
      step: SmtpStep;
      code?: number;
      reply: string;
      /** Our configuration or the relay is at fault, never this mail: worth an alert. */
      configuration: boolean;
    }
  | { verdict: 'ambiguous'; reply: string };

/** The provider's API. Errors: `TaskApiError`. */
export interface TaskApi {
  fetchTask(taskId: string): Promise<Task>;
}

/** Addresses of users. Rejects when the database cannot be asked. */
export interface RecipientDirectory {
  /** Candidate addresses, best first; blanks left out. */
  findAddresses(userId: string): Promise<string[]>;
}

/** One attempt over one connection; never retries by itself and never rejects for what SMTP did. */
export interface Mailer {
  /** `stop` ends the attempt early, but only while nothing of the body was submitted. */
  send(mail: Mail, stop: AbortSignal): Promise<Verdict>;
}
