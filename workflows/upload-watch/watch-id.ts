export const watchIdPrefix = 'bulk_upload_watch:';

/** The workflow ID of the watch of an upload. */
export function watchId(taskId: string): string {
  return `${watchIdPrefix}${taskId}`;
}
