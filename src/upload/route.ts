import Router, { type RouterContext } from '@koa/router';
import { createHash } from 'node:crypto';
import type { TaskUploads } from '../clients/provider/task-uploads';
import { createBufferCollector } from './heap';
import type { Metrics } from '../telemetry/metrics';
import { planUploads, type PlannedUpload } from './file-metadata';
import { parseWebhookUrl } from './webhook-url';
import { type BearerAuthConfig, type Caller, createBearerAuth } from './bearer-auth';
import { countAnswers } from '../http/count-answers';
import { badUpload } from '../http/errors';
import { FILE_FIELDS, forwardForm, type ForwardedFile, type ForwardOptions } from './forward-form';
import type { LeastRate } from './least-rate';
import { type RecordDependencies, recordUpload } from './record-upload';
import { STRICT } from '../http/strict';
import { uploadAnswer } from './answers';
import { createUploadSlots, type UploadSlotLimits } from './slots';

export const UPLOAD_PATH = '/api/tasks/upload';

export interface UploadDependencies extends RecordDependencies {
  uploads: TaskUploads;
  /** Where the provider reports, unless the caller says otherwise. */
  callbackUrl: string;
  /** For development: callers may name a callback on the provider's own machine. */
  allowLoopback: boolean;
  auth: BearerAuthConfig;
  /** MiB for each file. */
  maxMegabytes: number;
  metrics: Metrics;
  slots?: UploadSlotLimits;
  leastRate?: LeastRate;
}

/** The caller's files, each passed on to the provider while it arrives, then ended together. */
export function createUploadRouter(deps: UploadDependencies): Router {
  const authenticate = createBearerAuth(deps.auth);
  const passed = createBufferCollector();
  const slots = createUploadSlots(deps.slots);
  return new Router(STRICT).post(UPLOAD_PATH, countAnswers(deps.metrics.uploads), async (ctx) => {
    const caller = await authenticate(ctx);
    if (isGiven(ctx.query.user_id)) throw userIdGiven();
    const giveBack = slots.take(caller.userId ?? digestOf(caller.token));
    await upload({ ...deps, passed }, ctx, caller).finally(giveBack);
  });
}

async function upload(
  deps: UploadDependencies & Pick<ForwardOptions, 'passed'>,
  ctx: RouterContext,
  caller: Caller,
): Promise<void> {
  const { token, userId } = caller;
  const { files, fields } = await forwardForm(ctx.req, { ...deps, token });
  const plan = planOrAbort(files, fields, deps);
  const webhookUrl = plan.webhookUrl ?? deps.callbackUrl;
  const ownCallback = new URL(webhookUrl).href === new URL(deps.callbackUrl).href;
  // From here on the files count: what becomes of them is recorded even if the client leaves.
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

/** What to tell the provider of each file; if the fields do not fit the files, it gets none. */
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
  if (isGiven(fields.get('user_id'))) throw userIdGiven();
  if (FILE_FIELDS.some((field) => fields.has(field))) throw badUpload(NAMELESS);
  if (files.length === 0) throw badUpload(FILELESS);
  const names = files.map(({ fileName }) => fileName);
  const planned = planUploads(fields.get('file_metadata'), names);
  if ('code' in planned) throw badUpload(planned);
  const webhook = parseWebhookUrl(fields.get('webhook_url'), { allowLoopback });
  if ('code' in webhook) throw badUpload(webhook);
  return { files: files.map((file, i) => ({ ...planned.uploads[i], ...file })), ...webhook };
}

const NAMELESS = { code: 'file_name_missing', detail: 'All uploaded files must have names' };
const FILELESS = { code: 'file_missing', detail: 'files is required' };
const userIdGiven = () =>
  badUpload({
    code: 'user_id_not_supported',
    detail: 'user_id is not supported for batch uploads.',
  });
const isGiven = (value: string | string[] | undefined): boolean =>
  [value].flat().some((text) => text?.trim());

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
