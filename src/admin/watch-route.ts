import type { Router } from '@koa/router';
import { refusal } from '../http/errors';
import { createRouter } from '../http/router';
import { uuid } from '../parse/scalars';
import type { Logger } from '../telemetry/logger';
import type { UploadWatches } from '../temporal/upload-watches';
import { requireAdminToken } from './require-admin-token';

export interface WatchDependencies {
  uploadWatches: Pick<UploadWatches, 'watch'>;
  adminToken: string;
  logger: Logger;
}

/** Watches uploads that were not made through the upload route. */
export function createWatchRouter(deps: WatchDependencies): Router {
  const { uploadWatches, adminToken, logger } = deps;
  return createRouter().post(
    '/api/tasks/:task_id/watch',
    requireAdminToken(adminToken, logger),
    async (ctx) => {
      const taskId = uuid.parse(ctx.params.task_id);
      if (!taskId) throw invalidTaskId();
      await uploadWatches.watch({ taskId, ownCallback: true });
      logger.info({ task_id: taskId }, 'watch.requested');
      ctx.status = 202;
      ctx.body = { task_id: taskId, watched: true };
    },
  );
}

const invalidTaskId = () => refusal(400, 'invalid_task_id', 'The task ID must be a UUID');
