import type { WatchedUpload } from '../activities/types';
import { quickThenDurably } from './look-up';

/** Remembers an upload: the process that took it has no database, and Temporal has. */
export async function watchUpload(upload: WatchedUpload): Promise<void> {
  await quickThenDurably((activities) => activities.recordUpload(upload));
}
