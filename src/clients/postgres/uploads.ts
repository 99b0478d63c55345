import type { Look, Uploads } from '../../../activities/types';
import { userId as shortId } from '../../parse/scalars';
import type { Database } from './database';

interface DueRow {
  task_id: string;
  user_id: string | null;
  email_count: string | null;
  looks: number;
  age_ms: string;
  missing_ms: string | null;
}

/** Those with a notification cost one statement for all of them, so their page is larger. */
const MOST_NOTIFIED = 1_000;

const DUE = `
  select task_id, user_id, email_count, looks,
         extract(epoch from age) * 1000 as age_ms,
         extract(epoch from missing) * 1000 as missing_ms
    from bulk_notify.due_uploads($1, $2 * interval '1 millisecond', $3)`;

/** The uploads in Postgres, whose clock alone counts: each statement is a function of migrations/. */
export function createUploads({ database }: { database: Database }): Uploads {
  /** With its microseconds, which a Date would drop. */
  async function now(): Promise<string> {
    const query = `select to_json(now()) #>> '{}' as now`;
    const [row] = await database.query<{ now: string }>(query, []);
    return row?.now ?? '';
  }

  return {
    async record({ taskId, uploadId, userId, fileName, emailCount, ownCallback }) {
      await database.query('select bulk_notify.record_upload($1, $2, $3, $4, $5, $6)', [
        taskId,
        uploadId ?? null,
        shortId.parse(userId) ?? null,
        fileName ?? null,
        emailCount ?? null,
        ownCallback,
      ]);
    },

    async findDue({ asOf: given, olderThanMs, most }) {
      const asOf = given ?? (await now());
      const [settled] = await database.query<{ count: string }>(
        `select bulk_notify.settle_notified($1, $2 * interval '1 millisecond', $3)
           as count`,
        [asOf, olderThanMs, MOST_NOTIFIED],
      );
      const rows = await database.query<DueRow>(DUE, [asOf, olderThanMs, most]);
      const notified = Number(settled?.count ?? 0);
      const more = rows.length === most || notified === MOST_NOTIFIED;
      return { asOf, uploads: rows.map(toDueUpload), notified, more };
    },

    async recordLooks(looks) {
      await database.query('select bulk_notify.record_looks($1)', [
        JSON.stringify(looks.map(toLookRow)),
      ]);
    },
  };
}

function toDueUpload({ task_id, user_id, email_count, looks, age_ms, missing_ms }: DueRow) {
  return {
    taskId: task_id,
    userId: user_id ?? undefined,
    emailCount: email_count === null ? undefined : Number(email_count),
    looks,
    ageMs: Math.round(Number(age_ms)),
    missingMs: missing_ms === null ? undefined : Math.round(Number(missing_ms)),
  };
}

function toLookRow({ taskId, finding, looks, againMs }: Look) {
  return {
    task_id: taskId,
    looks,
    again_ms: againMs ?? 0,
    missing: finding === 'missing',
    settled_as: againMs === undefined ? finding : null,
  };
}
