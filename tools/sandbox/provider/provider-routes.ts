import Router from '@koa/router';
import type { Context } from 'koa';
import { countAddresses } from './count-addresses';
import { toCaller, type Caller } from './provider-bearer';
import { invalid, refusal } from './provider-errors';
import type { ProviderTask } from './provider-shapes';
import type { ProviderTasks } from './provider-tasks';
import { readUpload } from './read-upload';

/** An upload that was taken. */
export interface ProviderUpload {
  taskId: string;
  uploadId: string;
  filename: string;
  bytes: number;
  webhookUrl?: string;
  emailColumn?: string;
}

export interface ProviderRoutesOptions {
  tasks: ProviderTasks;
  uploads: ProviderUpload[];
  adminKey: string;
  processingMs?: ProcessingTime;
}

/** One for all files, or each file's own; none: until `setStatus`. */
export type ProcessingTime = number | ((filename: string) => number | undefined);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function providerRoutes({ tasks, uploads, adminKey, processingMs }: ProviderRoutesOptions) {
  const router = new Router({ prefix: '/api/v1/tasks' });

  const callerOf = (ctx: Context) => toCaller(ctx.get('Authorization'), adminKey);

  router.post('/batch/upload', async (ctx) => {
    const caller = callerOf(ctx);
    const { filename, content, fields } = await readUpload(ctx.req);
    if (fields.has('user_id')) throw invalid('user_id', 'not_allowed', 'user_id is not allowed');
    const webhookUrl = fields.get('webhook_url') || undefined;
    // The real API insists on HTTPS; a sandbox has none to offer.
    if (webhookUrl && !(/^https?:/i.test(webhookUrl) && URL.canParse(webhookUrl))) {
      throw invalid('webhook_url', 'invalid', 'webhook_url must be a valid URL');
    }
    const emailColumn = fields.get('email_column') || fields.get('column') || undefined;

    const afterMs = typeof processingMs === 'function' ? processingMs(filename) : processingMs;
    const task = tasks.add(
      {
        user_id: caller.admin ? undefined : caller.userId,
        webhook_url: webhookUrl,
        file: {
          filename,
          email_count: countAddresses(filename, content, emailColumn),
          status: 'processing',
        },
        source: 'api',
      },
      afterMs === undefined ? undefined : { afterMs },
    );
    const file = fileOf(task);
    const { upload_id: uploadId } = file;
    uploads.push({
      taskId: task.id,
      uploadId,
      filename,
      bytes: content.length,
      webhookUrl,
      emailColumn,
    });

    ctx.status = 202;
    ctx.body = {
      upload_id: uploadId,
      task_id: task.id,
      filename,
      email_count: file.email_count,
      status: file.status,
      message: 'File uploaded successfully and is being processed',
      uploaded_at: file.created_at,
    };
  });

  router.get('/batch/uploads/:uploadId', (ctx) => {
    const caller = callerOf(ctx);
    const uploadId = uuidOf(ctx.params.uploadId, 'upload_id');
    const task = permitted(caller, tasks.findByUpload(uploadId), 'Upload not found');
    const { id, user_id, webhook_url, created_at, updated_at } = task;
    ctx.body = {
      ...fileOf(task),
      user_id,
      task: { id, user_id, webhook_url, created_at, updated_at },
    };
  });

  router.get('/:id', (ctx) => {
    const caller = callerOf(ctx);
    const id = uuidOf(ctx.params.id, 'id');
    ctx.body = permitted(caller, tasks.find(id), 'Task not found');
  });

  return router.routes();
}

function uuidOf(text: string | undefined, field: string): string {
  if (text && UUID.test(text)) return text.toLowerCase();
  throw invalid(field, 'invalid', `${field} must be a valid UUID`);
}

function permitted(caller: Caller, task: ProviderTask | undefined, missing: string): ProviderTask {
  if (!task) throw refusal(404, missing);
  if (!caller.admin && caller.userId !== task.user_id) throw refusal(403);
  return task;
}

function fileOf(task: ProviderTask) {
  if (!task.file) throw new Error(`task ${task.id} has no file`);
  return task.file;
}
