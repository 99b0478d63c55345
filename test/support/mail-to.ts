import type { Mail } from '../../activities/mail/mail';

/** A mail to send, with the changes of a test. */
export function mailTo(to: string, change: Partial<Mail> = {}): Mail {
  return {
    from: { name: 'BoltRoute', address: 'noreply@sender.example' },
    replyTo: 'support@sender.example',
    to,
    subject: 'Your file is ready',
    text: 'Hello\n',
    messageId: '<bulk.1.completed@sender.example>',
    date: new Date('2026-02-12T10:00:00Z'),
    ...change,
  };
}

/** For a send whose claim succeeds. */
export const claimed = (): Promise<void> => Promise.resolve();
