import type { SmtpStep } from '../../../activities/send/mailer';

const STEPS: Record<string, SmtpStep | undefined> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail-from',
  RCPT: 'rcpt-to',
  DATA: 'data',
};

export type Dialogue = ReturnType<typeof recordDialogue>;

/**
 * Records the SMTP dialogue from nodemailer's transaction log. nodemailer's errors do not name the
 * step: it reports the end of a connection as `CONN` in every phase.
 */
export function recordDialogue() {
  const steps: SmtpStep[] = ['connect'];
  const replies: string[] = [];
  let extensions = '';
  let hasFinalDot = false;

  function record(entry: { tnx?: string; remoteAddress?: string }, message: string): void {
    if (entry.tnx === 'network' && entry.remoteAddress) steps[0] = 'greeting';
    if (entry.tnx === 'message') hasFinalDot = true;
    if (entry.tnx === 'client') steps.push(stepOf(message) ?? steps.at(-1) ?? 'connect');
    if (entry.tnx !== 'server') return;
    if (steps[replies.length] === 'ehlo') extensions = message;
    replies.push(message);
  }

  return {
    /** Begins the record of one message; every reply before it was read. */
    begin(): void {
      steps.length = 0;
      replies.length = 0;
      hasFinalDot = false;
    },
    logger: { trace() {}, debug: record, info: record, warn() {}, error() {}, fatal() {} },

    /** The step of `command` if it names one, else of the last reply, or of the pending reply. */
    step({ command = '', replied }: { command?: string; replied: boolean }): SmtpStep {
      const index = replied ? replies.length - 1 : replies.length;
      return stepOf(command) ?? steps[Math.min(index, steps.length - 1)] ?? 'connect';
    },
    /** Whether the message was written to the socket with its final dot. */
    hasFinalDot: (): boolean => hasFinalDot,
    /** Whether the relay has replied, and always with 2yz. */
    takesCommands: (): boolean => replies.length > 0 && replies.every((it) => it.startsWith('2')),
    lastReply: (): string | undefined => replies.at(-1),
    offers: (extension: string): boolean =>
      extensions.split('\n').some((line) => line.slice(4).trim().toUpperCase() === extension),
  };
}

/** The log masks the lines after AUTH. They are not commands, so they belong to the AUTH step. */
function stepOf(command: string): SmtpStep | undefined {
  return STEPS[command.split(' ', 1).join('')];
}
