import type { WatchedUpload } from '../../workflows/upload-watch/messages';
import type { Uploaded, UploadFault } from '../clients/provider/upload-result';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { UploadWatches } from '../temporal/upload-watches';

/** The answer to an upload waits for them; each gives up after 1.5 seconds. */
const WATCH_STARTS_MAX = 3;

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
    await startWatch(uploadWatches, { taskId, emailCount, ...known });
  } catch (err) {
    logger.error({ ...facts, err }, 'upload.not_watched');
    metrics.unwatchedUploads.inc();
  }
}

/**
 * Starts it again after a failure: a start may have been taken although its answer did not come, and
 * then the next one finds the watch.
 */
async function startWatch(
  uploadWatches: RecordDependencies['uploadWatches'],
  upload: WatchedUpload,
): Promise<void> {
  for (let start = 1; ; start += 1) {
    try {
      await uploadWatches.watch(upload);
      return;
    } catch (err) {
      if (start === WATCH_STARTS_MAX) throw err;
    }
  }
}
