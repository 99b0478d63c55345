import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities';
import type { UploadStatus } from '../../activities/sweep';
import { patientLook } from '../notification/activity-options';

/**
 * Not a local activity: several uploads are asked about at once, and a replay gives the answers of
 * local ones in the order of the questions (sdk-typescript#1744).
 */
const { lookAtUpload } = proxyActivities<Activities>(patientLook);

export type Answer = UploadStatus | { status: 'unanswered' };

/** What the provider says of an upload, with a few attempts that keep to its Retry-After. */
export async function askProvider(taskId: string): Promise<Answer> {
  try {
    return await lookAtUpload(taskId);
  } catch (err) {
    if (isCancellation(err)) throw err;
    return { status: 'unanswered' };
  }
}
