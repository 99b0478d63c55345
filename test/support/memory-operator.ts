import type { MailPreview, Previews } from '../../src/operator/preview-mail';
import type { Resends } from '../../src/operator/request-resend';
import type { ResendSignal } from '../../workflows/notification/messages';
import type { Outcome } from '../../workflows/core/outcome';
import { createMemoryBulks } from './memory-bulks';
import { createMemorySearch, type KeptNotifications } from './memory-search';
import type { NotificationRow } from '../../src/operator/ledger-reader';

type Resent = ResendSignal & { eventId: string };

/** What the page needs of the operator's side, in memory; it takes down what it was asked. */
export function createMemoryOperator(kept: KeptNotifications = {}) {
  const found = createMemorySearch(kept);
  const bulk = createMemoryBulks(kept.notifications as NotificationRow[] | undefined);
  const resent: Resent[] = [];
  const resends: Resends = {
    async request(eventId, signal) {
      const { requestId = 'unnamed' } = signal;
      if (!resent.some((request) => request.requestId === requestId)) {
        resent.push({ eventId, ...signal });
      }
      return { eventId, requestId };
    },
    async waitFor() {
      return { result: 'sent', sentence: 'Sent: the relay accepted the email.' };
    },
  };
  const previews: Previews = {
    async ofContent({ outcome, fileName, emailCount }) {
      return mailOf(outcome, fileName, emailCount);
    },
    async ofNotification(eventId) {
      const row = kept.notifications?.find((notification) => notification.eventId === eventId);
      return row?.fileName ? mailOf(row.outcome, row.fileName, row.emailCount ?? 0) : undefined;
    },
  };
  const now = () => new Date('2026-03-02T12:00:00.000Z');
  return {
    deps: { search: found.search, resends, bulks: bulk.bulks, previews, now },
    found,
    bulk,
    resent,
  };
}

function mailOf(outcome: Outcome, fileName: string, emailCount: number): MailPreview {
  const subject = `Verification of ${fileName}: ${outcome}`;
  const headers = [
    { name: 'From', value: 'BoltRoute <notifications@boltroute.example>' },
    { name: 'Subject', value: subject },
  ];
  const text = `Hello,\n\n${emailCount} addresses in ${fileName}.\n`;
  return { outcome, headers, subject, text, raw: Buffer.from(text) };
}
