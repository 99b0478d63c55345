import type {
  Claimed,
  Ledger,
  LedgerChanges,
  RecordedRequest,
  Standing,
} from '../../../activities/ledger';
import type { Outcome } from '../../../workflows/core/outcome';
import type { ParkReason } from '../../../workflows/core/reasons';
import { transient } from '../../../activities/failures/transient';
import type { Database } from './database';
import { parseChanges } from './ledger-changes';

/** In place of the relay's own words. */
const NO_REPLY = 'no reply was seen';

interface ChangingRow {
  changes: unknown;
}

interface ClaimRow extends ChangingRow {
  status: Claimed['status'];
  reason: ParkReason | null;
  attempt_id: string | null;
  mail_date: Date | null;
  after_ambiguous: boolean | null;
  run_id: string | null;
  reply: string | null;
  assumed: boolean | null;
}

interface StandingRow {
  status: 'sent' | 'parked' | null;
  reason: ParkReason | null;
  reply: string | null;
  assumed: boolean | null;
}

type ParkRow = StandingRow & ChangingRow;

interface SettleRow extends ChangingRow {
  stands: boolean;
}

interface RequestRow extends StandingRow {
  /** Null: the request was declined. */
  resend: number | null;
  recorded_requests: number;
  user_id: string | null;
  file_name: string | null;
  email_count: string | null;
  is_recorded: boolean;
}

interface LedgerOptions {
  database: Database;
  /** First mails to one address; a mail beyond it is parked unless a person requested it. 0: no limit. */
  recipientMaxPerDay?: number;
  /** Is told what each call has changed. */
  onChange?: (changes: LedgerChanges) => void;
}

/** The ledger in Postgres: each call is one function of functions/, and one transaction. */
export function createLedger({
  database,
  recipientMaxPerDay = 0,
  onChange = () => undefined,
}: LedgerOptions): Ledger {
  return {
    async claim(claim) {
      const [found] = await database.query<ClaimRow>(
        'select * from bulk_notify.claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
        [
          claim.eventId,
          claim.resend,
          claim.userId,
          claim.fileName,
          claim.emailCount,
          claim.recipient,
          claim.messageId,
          claim.mailDate,
          claim.runId,
          claim.recordedRequests,
          claim.ifLost,
          claim.scheduledAt,
          recipientMaxPerDay,
        ],
      );
      const row = answered(found);
      onChange(parseChanges(row.changes));
      return toClaimed(row);
    },

    async submit(attemptId) {
      const [row] = await database.query<{ held: boolean }>(
        'select bulk_notify.submit($1) as held',
        [attemptId],
      );
      if (!row?.held) throw transient('ClaimLost', 'another attempt has taken over');
    },

    async settle({ attemptId, attempt, reply, details, state, reason }) {
      const [found] = await database.query<SettleRow>(
        'select * from bulk_notify.settle($1, $2, $3, $4, $5)',
        [attemptId, attempt, reply, state, reason ?? null],
      );
      const { stands, changes } = answered(found);
      onChange(parseChanges(changes, { attemptId, details }));
      return stands;
    },

    async park(eventId, reason, parking) {
      const [found] = await database.query<ParkRow>(
        'select * from bulk_notify.park($1, $2, $3, $4, $5, $6, $7)',
        [
          eventId,
          reason,
          parking.runId,
          parking.recordedRequests,
          parking.userId ?? null,
          parking.fileName ?? null,
          parking.emailCount ?? null,
        ],
      );
      const row = answered(found);
      onChange(parseChanges(row.changes));
      return toStanding(row);
    },

    async requestResend(eventId, { requestId, requestedBy, reason, unlessSent = false }, runId) {
      const [found] = await database.query<RequestRow>(
        'select * from bulk_notify.request_resend($1, $2, $3, $4, $5, $6)',
        [eventId, requestId, runId, requestedBy ?? null, reason ?? null, unlessSent],
      );
      const row = answered(found);
      onChange({ isRequested: row.is_recorded });
      return toRecordedRequest(row);
    },

    async findOutcomes(taskId) {
      const rows = await database.query<{ outcome: Outcome }>(
        'select bulk_notify.find_outcomes($1) as outcome',
        [taskId],
      );
      return rows.map(({ outcome }) => outcome);
    },
  };
}

function answered<Row>(row: Row | undefined): Row {
  if (!row) throw transient('LedgerUnreadable', 'the ledger returned no row');
  return row;
}

function toRecordedRequest(row: RequestRow): RecordedRequest {
  const { resend, recorded_requests, user_id, file_name, email_count } = row;
  const known = {
    userId: user_id ?? undefined,
    fileName: file_name ?? undefined,
    emailCount: email_count === null ? undefined : Number(email_count),
  };
  const standing = toStanding(row);
  if (standing) return { ...known, standing };
  return { ...known, resend: resend ?? 0, recordedRequests: recorded_requests };
}

function toStanding({ status, reason, reply, assumed }: StandingRow): Standing | undefined {
  switch (status) {
    case 'sent':
      return { verdict: assumed ? 'assumed' : 'accepted', reply: reply ?? '' };
    case 'parked':
      return toParked(reason, reply);
    default:
      return undefined;
  }
}

function toParked(reason: ParkReason | null, reply: string | null) {
  const verdict = reason ?? 'uncertain';
  return { verdict, reply: reply ?? (verdict === 'uncertain' ? NO_REPLY : '') };
}

function toClaimed({ status, reason, ...row }: ClaimRow): Claimed {
  switch (status) {
    case 'claimed':
      return {
        ...{ status, attemptId: row.attempt_id ?? '', mailDate: row.mail_date ?? new Date() },
        ...(row.after_ambiguous && { afterAmbiguous: true }),
      };
    case 'sent':
      return {
        ...{ status, runId: row.run_id ?? '', reply: row.reply ?? '' },
        ...(row.assumed && { assumed: true }),
      };
    case 'parked':
      return {
        ...{ status, reason: reason ?? 'uncertain' },
        reply: row.reply ?? (reason === 'recipient_limit' ? '' : NO_REPLY),
      };
    case 'superseded':
    case 'overtaken':
      return { status };
  }
}
