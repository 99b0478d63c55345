import type { WatchedUpload } from '../../activities/types';
import type { Uploaded, UploadFault } from '../clients/provider/upload-result';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { Notifications } from '../temporal/notifications';

/** Milliseconds that an answer waits for an upload to be remembered. */
const DEADLINE = 5_000;

export interface RecordDependencies {
  notifications: Pick<Notifications, 'watch'>;
  logger: Logger;
  metrics: Pick<Metrics, 'unwatchedUploads'>;
}

/**
 * Logs what became of a file, and remembers it if the provider has a task for it. Never rejects:
 * the file is taken, whether or not we can remember it.
 */
export async function recordUpload(
  { notifications, logger, metrics }: RecordDependencies,
  result: Uploaded | UploadFault,
  known: Pick<WatchedUpload, 'userId' | 'fileName' | 'ownCallback'>,
): Promise<void> {
  const { taskId, uploadId } = 'taskId' in result ? result : {};
  const emailCount = 'fault' in result ? undefined : result.emailCount;
  const facts = { task_id: taskId, upload_id: uploadId, user_id: known.userId };
  if ('fault' in result) {
    logger.warn({ ...facts, fault: result.fault, message: result.message }, 'upload.failed');
  } else {
    const more = { email_count: emailCount, own_callback: known.ownCallback };
    logger.info({ ...facts, ...more }, 'upload.accepted');
  }
  if (!taskId) return;
  try {
    await inTime(notifications.watch({ taskId, uploadId, emailCount, ...known }));
  } catch (err) {
    logger.error({ ...facts, err }, 'upload.not_watched');
    metrics.unwatchedUploads.inc();
  }
}

async function inTime(promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('not remembered in time')), DEADLINE);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
