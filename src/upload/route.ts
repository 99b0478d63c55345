import type { Router, RouterContext } from '@koa/router';
import { createHash } from 'node:crypto';
import type { TaskUploads } from '../clients/provider/task-uploads';
import { type BearerAuthConfig, type Caller, createBearerAuth } from '../auth/bearer-auth';
import { countAnswers } from '../http/count-answers';
import { createRouter } from '../http/router';
import type { Metrics } from '../telemetry/metrics';
import { createBufferCollector } from './buffer-collector';
import { badUpload } from './errors';
import { type PlannedUpload, planUploads } from './file-metadata';
import { FILE_FIELDS, forwardForm, type ForwardedFile, type ForwardOptions } from './forward-form';
import type { MinRate } from './min-rate';
import { type RecordDependencies, recordUpload } from './record-upload';
import { uploadAnswer } from './upload-answer';
import { createUploadSlots, type UploadSlotLimits } from './upload-slots';
import { parseWebhookUrl } from './webhook-url';

export const UPLOAD_PATH = '/api/tasks/upload';

export interface UploadDependencies extends RecordDependencies {
  uploads: TaskUploads;
  /** Where the provider sends its webhook, unless the caller names another URL. */
  callbackUrl: string;
  /** For development: callers may name a URL on the machine of the provider. */
  allowLoopback: boolean;
  auth: BearerAuthConfig;
  fileMaxMib: number;
  metrics: Metrics;
  slots?: UploadSlotLimits;
  minRate?: MinRate;
}

/** Streams the caller's files to the provider while they arrive, then finishes all of them. */
export function createUploadRouter(deps: UploadDependencies): Router {
  const authenticate = createBearerAuth(deps.auth);
  const onForwarded = createBufferCollector();
  const slots = createUploadSlots(deps.slots);
  return createRouter().post(UPLOAD_PATH, countAnswers(deps.metrics.uploads), async (ctx) => {
    const caller = await authenticate(ctx);
    if (isGiven(ctx.query.user_id)) throw userIdNotSupported();
    const release = slots.acquire(caller.userId ?? digestOf(caller.token));
    await upload({ ...deps, onForwarded }, ctx, caller).finally(release);
  });
}

async function upload(
  deps: UploadDependencies & Pick<ForwardOptions, 'onForwarded'>,
  ctx: RouterContext,
  caller: Caller,
): Promise<void> {
  const { token, userId } = caller;
  const { files, fields } = await forwardForm(ctx.req, { ...deps, token });
  const plan = planOrAbort(files, fields, deps);
  const webhookUrl = plan.webhookUrl ?? deps.callbackUrl;
  const ownCallback = new URL(webhookUrl).href === new URL(deps.callbackUrl).href;
  // From here on the result of each file is recorded, even if the client disconnects.
  const results = await Promise.all(
    plan.files.map(async ({ fileName, emailColumn, upload }) => {
      const result = await upload.finish({
        webhook_url: webhookUrl,
        email_column: emailColumn?.toString(),
      });
      await recordUpload(deps, result, { userId, fileName, ownCallback });
      return { fileName, result };
    }),
  );
  const { status, body, retryAfter } = uploadAnswer(results);
  ctx.status = status;
  ctx.body = body;
  if (retryAfter) ctx.set('Retry-After', String(retryAfter));
}

interface Plan {
  files: (PlannedUpload & ForwardedFile)[];
  webhookUrl?: string;
}

/** Matches the fields with the files. Aborts all files if they do not fit. */
function planOrAbort(
  files: ForwardedFile[],
  fields: Map<string, string>,
  deps: Pick<UploadDependencies, 'allowLoopback'>,
): Plan {
  try {
    return toPlan(files, fields, deps);
  } catch (err) {
    files.forEach(({ upload }) => upload.abort());
    throw err;
  }
}

function toPlan(
  files: ForwardedFile[],
  fields: Map<string, string>,
  { allowLoopback }: Pick<UploadDependencies, 'allowLoopback'>,
): Plan {
  if (isGiven(fields.get('user_id'))) throw userIdNotSupported();
  if (FILE_FIELDS.some((field) => fields.has(field))) throw badUpload(FILE_NAME_MISSING);
  if (files.length === 0) throw badUpload(FILE_MISSING);
  const names = files.map(({ fileName }) => fileName);
  const planned = planUploads(fields.get('file_metadata'), names);
  if ('code' in planned) throw badUpload(planned);
  const webhook = parseWebhookUrl(fields.get('webhook_url'), { allowLoopback });
  if ('code' in webhook) throw badUpload(webhook);
  return { files: files.map((file, i) => ({ ...planned.uploads[i], ...file })), ...webhook };
}

const FILE_NAME_MISSING = {
  code: 'file_name_missing',
  detail: 'All uploaded files must have names',
};
const FILE_MISSING = { code: 'file_missing', detail: 'files is required' };
const userIdNotSupported = () =>
  badUpload({
    code: 'user_id_not_supported',
    detail: 'user_id is not supported for batch uploads.',
  });
const isGiven = (value: string | string[] | undefined): boolean =>
  [value].flat().some((text) => text?.trim());

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
