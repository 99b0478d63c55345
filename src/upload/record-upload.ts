import type { WatchedUpload } from '../../workflows/upload-watch/messages';
import type { Uploaded, UploadFault } from '../clients/provider/upload-result';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { UploadWatches } from '../temporal/upload-watches';

/** For how long the answer to an upload waits until its watch has started. */
const WATCH_START_TIMEOUT_MS = 5_000;

export interface RecordDependencies {
  uploadWatches: Pick<UploadWatches, 'watch'>;
  logger: Logger;
  metrics: Pick<Metrics, 'unwatchedUploads'>;
}

/**
 * Logs what became of a file, and starts its watch if the provider has a task for it. Never rejects:
 * the provider has the file, whether or not its watch starts.
 */
export async function recordUpload(
  { uploadWatches, logger, metrics }: RecordDependencies,
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
    await inTime(uploadWatches.watch({ taskId, emailCount, ...known }));
  } catch (err) {
    logger.error({ ...facts, err }, 'upload.not_watched');
    metrics.unwatchedUploads.inc();
  }
}

async function inTime(promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error('the watch did not start in time')),
      WATCH_START_TIMEOUT_MS,
    );
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
