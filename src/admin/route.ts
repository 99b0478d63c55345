import Router from '@koa/router';
import type { Logger } from '../telemetry/logger';
import type { Notifications } from '../temporal/notifications';
import { uuid } from '../parse/scalars';
import { requireAdminToken } from './admin-auth';
import { invalidTaskId } from '../http/errors';
import { STRICT } from '../http/strict';

export interface AdminDependencies {
  notifications: Pick<Notifications, 'watch'>;
  adminToken: string;
  logger: Logger;
}

/** For operators and their tools: hands in uploads that were not made through our route. */
export function createAdminRouter({ notifications, adminToken, logger }: AdminDependencies) {
  return new Router(STRICT).post(
    '/api/tasks/:task_id/watch',
    requireAdminToken(adminToken, logger),
    async (ctx) => {
      const taskId = uuid.parse(ctx.params.task_id);
      if (!taskId) throw invalidTaskId();
      await notifications.watch({ taskId, ownCallback: true });
      logger.info({ task_id: taskId }, 'watch.requested');
      ctx.status = 202;
      ctx.body = { task_id: taskId, watched: true };
    },
  );
}
