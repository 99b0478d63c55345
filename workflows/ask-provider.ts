import {
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
  sleep,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { UploadStatus } from '../activities/sweep';
import { patientLook, quickLook, quickLookup } from './activity-options';

/**
 * Several uploads are asked about at once, and a replay gives the answers of local activities in the
 * order in which they were asked for (sdk-typescript#1744): so runs of before could not be replayed.
 */
const local = proxyLocalActivities<Activities>(quickLookup);
const quick = proxyActivities<Activities>(quickLook);
const patient = proxyActivities<Activities>(patientLook);

const SECOND = 1_000;
/** Who is told to wait for longer leaves it to the next sweep. */
const LONGEST_WAIT = 5 * 60 * SECOND;

const unanswered: UploadStatus = { status: 'unanswered' };

/** What the provider says of an upload, with a few attempts that keep to its Retry-After. */
export async function askProvider(taskId: string): Promise<UploadStatus> {
  const { lookAtUpload } = patched('sweep-looks') ? quick : local;
  const first = await answerOf(() => lookAtUpload(taskId));
  if (first.status !== 'unanswered') return first;
  const { retryAfterMs = SECOND } = first;
  if (retryAfterMs > LONGEST_WAIT) return unanswered;
  await sleep(Math.max(retryAfterMs, SECOND));
  return answerOf(() => patient.lookAtUpload(taskId));
}

async function answerOf(ask: () => Promise<UploadStatus>): Promise<UploadStatus> {
  try {
    return await ask();
  } catch (err) {
    if (isCancellation(err)) throw err;
    return unanswered;
  }
}
