import type { DueUpload, Look, Uploads, WatchedUpload } from '../../activities/types';

interface Row extends DueUpload {
  dueAt: number;
  settledAs?: Look['finding'];
}

/** Uploads as the database has them, by a clock of its own; the real ones are tested on Postgres. */
export function createMemoryUploads() {
  const rows = new Map<string, Row>();
  let time = 0;
  const pages: number[] = [];

  const uploads: Uploads = {
    async record({ taskId, userId, emailCount }: WatchedUpload) {
      if (rows.has(taskId)) return;
      rows.set(taskId, { taskId, userId, emailCount, looks: 0, ageMs: 0, dueAt: ++time });
    },
    async findDue({ asOf = String(++time), olderThanMs, most }) {
      const due = [...rows.values()]
        .filter((row) => !row.settledAs && row.dueAt <= Number(asOf) && row.ageMs >= olderThanMs)
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, most)
        .map(({ dueAt: _dueAt, ...upload }) => upload);
      pages.push(due.length);
      return { asOf, uploads: due, notified: 0, more: due.length === most };
    },
    async recordLooks(looks) {
      for (const { taskId, finding, looks: count, againMs } of looks) {
        const row = rows.get(taskId)!;
        row.looks = count;
        if (againMs === undefined) row.settledAs = finding;
        else row.dueAt = ++time + againMs;
      }
    },
  };

  return {
    uploads,
    rows,
    /** Uploads on each page that was asked for. */
    pages,
    /** An upload of that age whose next look is due. */
    add(upload: Partial<DueUpload> & { taskId: string }) {
      rows.set(upload.taskId, { looks: 0, ageMs: 3_600_000, ...upload, dueAt: ++time });
    },
  };
}
