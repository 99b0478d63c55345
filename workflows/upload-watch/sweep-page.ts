import { log } from '@temporalio/workflow';
import type { BulkUploadEvent } from '../core/event';
import type { DueUpload, Finding, Look } from '../../activities/types';
import { type Answer, askProvider } from './ask-provider';
import { foundOpen, lookAgainAfter } from './look-again';
import { startNotification } from '../notification/start-notification';
import type { SweepOptions, SweepReport } from './messages';

/** Questions at the same time. */
const LANES = 4;
/** So many without an answer, one after the other: the provider is down. */
const PATIENCE = 5;

/** What was found out; `stopped` when the rest of the page was left for another time. */
export interface PageFindings {
  looks: Look[];
  stopped?: SweepReport['stopped'];
}

/** Asks the provider about each upload, a few at a time, and starts what is owed. */
export async function sweepPage(
  uploads: DueUpload[],
  options: SweepOptions,
): Promise<PageFindings> {
  const rest = [...uploads];
  const looks: Look[] = [];
  let stopped: PageFindings['stopped'];
  let silence = 0;

  async function work(): Promise<void> {
    while (!stopped) {
      const upload = rest.shift();
      if (!upload) return;
      const answer = await askProvider(upload.taskId);
      const finding = await findingOf(upload, answer, options);
      looks.push(toLook(upload, finding));
      silence = finding === 'unanswered' ? silence + 1 : 0;
      if (answer.status === 'unauthorized') stopped = 'unauthorized';
      else if (silence >= PATIENCE) stopped ??= 'provider_down';
    }
  }

  await Promise.all(Array.from({ length: LANES }, work));
  return { looks, stopped };
}

async function findingOf(
  upload: DueUpload,
  answer: Answer,
  options: SweepOptions,
): Promise<Finding> {
  const { taskId } = upload;
  switch (answer.status) {
    case 'final': {
      const { outcome, userId = upload.userId, emailCount: total = upload.emailCount } = answer;
      const known = { userId, stats: { total }, jobCount: 0 };
      const event: BulkUploadEvent = { taskId, isVerified: true, ...known };
      const { id, started } = await startNotification(event, outcome, options);
      if (!started) return 'late';
      const facts = { event_id: id, task_id: taskId, outcome };
      log.warn('bulk_upload_notification.sweep_webhook_lost', facts);
      return 'started';
    }
    case 'waiting':
    case 'missing': {
      const finding = foundOpen(answer.status, upload);
      if (finding === 'unknown') {
        const facts = { task_id: taskId, last_status: answer.status };
        log.warn('bulk_upload_notification.sweep_upload_unknown', facts);
      }
      return finding;
    }
    default:
      log.warn('bulk_upload_notification.sweep_unanswered', { task_id: taskId });
      return 'unanswered';
  }
}

function toLook({ taskId, looks }: DueUpload, finding: Finding): Look {
  const answered = finding === 'unanswered' ? 0 : 1;
  return {
    taskId,
    finding,
    looks: looks + answered,
    againMs: lookAgainAfter(finding, looks),
  };
}
