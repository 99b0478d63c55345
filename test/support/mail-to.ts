import type { Mail } from '../../activities/mail/mail';
import { parseAddress } from '../../activities/recipient/recipient-address';

/** A mail to send, with the changes of a test. */
export function mailTo(text: string, change: Partial<Mail> = {}): Mail {
  const parsed = parseAddress(text);
  if ('reason' in parsed) throw new Error(parsed.reason);
  return {
    from: { name: 'BoltRoute', address: 'noreply@sender.example' },
    replyTo: 'support@sender.example',
    to: parsed.address,
    smtpUtf8: parsed.smtpUtf8,
    subject: 'Your file is ready',
    text: 'Hello\n',
    messageId: '<bulk.1.completed@sender.example>',
    date: new Date('2026-02-12T10:00:00Z'),
    ...change,
  };
}

/** For a send whose claim succeeds. */
export const claimed = (): Promise<void> => Promise.resolve();
