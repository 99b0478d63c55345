import Router, { type RouterContext } from '@koa/router';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '../../logger';
import type { Metrics } from '../../metrics';
import type { Notifications } from '../../notifications';
import { type IgnoredReason, parseWebhook } from '../../webhook/event';
import { matchingSecret } from '../../webhook/signature';
import { countAnswers } from '../count-answers';
import { invalidPayload, signatureInvalid, signatureMissing } from '../errors';
import { preferredWait } from '../prefer-wait';
import { createBodyReader } from '../raw-body';
import { accepted, ignored, settled } from '../webhook-answers';

export const WEBHOOK_PATH = '/api/tasks/webhooks/bulk-upload';

export interface WebhookDependencies {
  notifications: Pick<Notifications, 'start' | 'waitUntilSettled'>;
  /** The current one first; none leaves the endpoint open. */
  webhookSecrets: readonly string[];
  logger: Logger;
  metrics: Metrics;
}

const IGNORED_LOG_KEYS: Record<IgnoredReason, string> = {
  event_type_not_supported: 'event_ignored',
  task_id_missing: 'task_id_missing',
  not_task_completion: 'per_email_ignored',
};

/** BoltRoute's callback: bytes, signature, event, run started, or the reason why none was. */
export function createWebhookRouter(deps: WebhookDependencies): Router {
  const readBody = createBodyReader();
  return new Router().post(WEBHOOK_PATH, countAnswers(deps.metrics.webhooks), async (ctx) => {
    const body = await readBody(ctx.req);
    verifySignature(deps, ctx.req, body);
    await answer(deps, ctx, body);
  });
}

function verifySignature(deps: WebhookDependencies, request: IncomingMessage, body: Buffer): void {
  const { webhookSecrets, logger, metrics } = deps;
  if (webhookSecrets.length === 0) return;
  const [header] = request.headersDistinct['x-webhook-signature'] ?? [];
  if (!header?.trim()) {
    logger.warn('bulk_upload_notification.signature_missing');
    throw signatureMissing();
  }
  const index = matchingSecret(body, header, webhookSecrets);
  if (index === -1) {
    logger.warn('bulk_upload_notification.signature_invalid');
    throw signatureInvalid();
  }
  metrics.signatures.inc({ secret: index === 0 ? 'current' : 'previous' });
}

async function answer(deps: WebhookDependencies, ctx: RouterContext, body: Buffer): Promise<void> {
  const { notifications, logger } = deps;
  const parsed = parseWebhook(body);
  if ('malformed' in parsed) {
    logger.warn({ fault: parsed.malformed }, 'bulk_upload_notification.payload_invalid');
    throw invalidPayload();
  }
  if ('ignored' in parsed) {
    logger.info(`bulk_upload_notification.${IGNORED_LOG_KEYS[parsed.ignored]}`);
    ctx.body = ignored(parsed.ignored);
    return;
  }
  const isVerified = deps.webhookSecrets.length > 0;
  const started = await notifications.start({ ...parsed.event, isVerified });
  const { workflowId, runId } = started;
  const facts = { event_id: workflowId, workflow_id: workflowId, run_id: runId };
  if (started.duplicate) {
    logger.info(facts, 'bulk_upload_notification.duplicate_or_not_recorded');
    ctx.body = ignored('duplicate_or_not_recorded');
    return;
  }
  logger.info(facts, 'bulk_upload_notification.accepted');
  ctx.body = accepted(parsed.event.taskId, started.outcome, workflowId);
  const seconds = preferredWait(ctx.get('Prefer'));
  if (seconds !== undefined) {
    ctx.set('Preference-Applied', `wait=${seconds}`);
    const status = await notifications.waitUntilSettled(workflowId, seconds * 1_000);
    if (status) ctx.body = settled(status);
  }
}
