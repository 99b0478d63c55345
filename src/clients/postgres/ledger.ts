import type { Claimed, Ledger, Standing } from '../../../activities/ledger';
import type { ParkReason } from '../../../workflows/core/reasons';
import { transient } from '../../../activities/failures/transient';
import type { Database } from './database';

/** In the place of the relay's own words. */
const NO_REPLY = 'no reply was seen';

interface ClaimRow {
  /** Or the reason for which it is parked. */
  claim: 'claimed' | 'sent' | 'superseded' | ParkReason;
  attempt_id: string | null;
  attempt_state: string | null;
  mail_date: Date | null;
  reply: string | null;
  run_id: string | null;
}

interface ParkRow {
  stands: 'sent' | 'uncertain' | null;
  attempt_state: string | null;
  reply: string | null;
}

interface RequestRow {
  copy: number;
  user_id: string | null;
  file_name: string | null;
  email_count: string | null;
}

interface LedgerOptions {
  database: Database;
  /** First mails to one address; what is beyond it and was not requested is parked. 0: no limit. */
  recipientMaxPerDay?: number;
}

/** The ledger in Postgres: each call is one function of migrations/, and one transaction. */
export function createLedger({ database, recipientMaxPerDay = 0 }: LedgerOptions): Ledger {
  return {
    async claim(claim) {
      const [row] = await database.query<ClaimRow>(
        'select * from bulk_upload_notification_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
        [
          claim.eventId,
          claim.copy,
          claim.userId,
          claim.fileName,
          claim.emailCount,
          claim.recipient,
          claim.messageId,
          claim.mailDate,
          claim.runId,
          claim.policy,
          claim.request ?? null,
          recipientMaxPerDay,
        ],
      );
      return toClaimed(row);
    },

    async submit(attemptId) {
      const [row] = await database.query<{ ours: boolean }>(
        'select bulk_upload_notification_submit($1) as ours',
        [attemptId],
      );
      if (!row?.ours) throw transient('ClaimLost', 'another attempt has taken over');
    },

    async settle({ attemptId, attempt, reply, state, reason }) {
      const [row] = await database.query<{ stands: boolean }>(
        'select bulk_upload_notification_settle($1, $2, $3, $4, $5) as stands',
        [attemptId, attempt, reply, state, reason ?? null],
      );
      return row?.stands ?? false;
    },

    async park(eventId, reason, { runId, request }) {
      const [row] = await database.query<ParkRow>(
        'select * from bulk_upload_notification_park($1, $2, $3, $4)',
        [eventId, reason, runId, request ?? null],
      );
      return row?.stands ? toStanding(row) : undefined;
    },

    async recordResend(eventId, { requestId, requestedBy, reason }, runId) {
      const [row] = await database.query<RequestRow>(
        'select * from bulk_upload_notification_request($1, $2, $3, $4, $5)',
        [eventId, requestId, runId, requestedBy ?? null, reason ?? null],
      );
      if (!row) throw transient('LedgerUnreadable', 'the ledger returned no row for a request');
      return {
        copy: row.copy,
        userId: row.user_id ?? undefined,
        fileName: row.file_name ?? undefined,
        emailCount: row.email_count === null ? undefined : Number(row.email_count),
      };
    },
  };
}

function toStanding({ stands, attempt_state, reply }: ParkRow): Standing {
  if (stands === 'uncertain') return { verdict: stands, reply: NO_REPLY };
  return { verdict: attempt_state === 'ambiguous' ? 'assumed' : 'accepted', reply: reply ?? '' };
}

function toClaimed(row: ClaimRow | undefined): Claimed {
  switch (row?.claim) {
    case 'claimed':
      return {
        claim: 'claimed',
        attemptId: row.attempt_id ?? '',
        mailDate: row.mail_date ?? new Date(),
      };
    case 'sent':
      return {
        claim: 'sent',
        runId: row.run_id ?? '',
        reply: row.reply ?? '',
        ...(row.attempt_state === 'ambiguous' && { assumed: true }),
      };
    case 'superseded':
      return { claim: 'superseded' };
    default:
      return {
        claim: 'parked',
        reason: row?.claim ?? 'uncertain',
        reply: row?.reply ?? (row?.claim === 'recipient_limit' ? '' : NO_REPLY),
      };
  }
}
