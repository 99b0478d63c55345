import Router, { type RouterContext } from '@koa/router';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { Notifications } from '../temporal/notifications';
import { type IgnoredReason, type ParsedWebhook, parseWebhook } from './event';
import { isSignature, matchingSecret } from './signature';
import type { BudgetLimits } from './body-budget';
import { countAnswers } from '../http/count-answers';
import { invalidPayload, signatureInvalid, signatureMissing } from '../http/errors';
import { preferredWait } from './prefer-wait';
import { createRareLog } from './rare-log';
import { createBodyReader } from './raw-body';
import { STRICT } from '../http/strict';
import { accepted, ignored, settled } from './answers';

export const WEBHOOK_PATH = '/api/tasks/webhooks/bulk-upload';

export interface WebhookDependencies {
  notifications: Pick<Notifications, 'start' | 'waitUntilSettled'>;
  /** The current one first; none leaves the endpoint open. */
  webhookSecrets: readonly string[];
  logger: Logger;
  metrics: Metrics;
  bodyLimits?: Partial<BudgetLimits>;
}

const IGNORED_LOG_KEYS: Record<IgnoredReason, string> = {
  event_type_not_supported: 'event_ignored',
  task_id_missing: 'task_id_missing',
  not_task_completion: 'per_email_ignored',
};

/** BoltRoute's callback: signature header, bytes, signature, event, run started. */
export function createWebhookRouter(deps: WebhookDependencies): Router {
  const { webhookSecrets, metrics, logger, bodyLimits: limits } = deps;
  const reportRefusals = createRareLog((count) =>
    logger.warn({ count }, 'bulk_upload_notification.bodies_refused'),
  );
  const { readBody, usage } = createBodyReader({
    limits,
    onRefused(reason) {
      metrics.refusedBodies.inc({ reason });
      reportRefusals();
    },
  });

  metrics.observeBodies(usage);

  /** The body is let go as soon as it is parsed: the answer may wait for half a minute. */
  async function readWebhook(request: IncomingMessage): Promise<ParsedWebhook> {
    const signature = webhookSecrets.length > 0 ? requireSignature(deps, request) : undefined;
    const body = await readBody(request);
    if (signature) verifySignature(deps, signature, body);
    return parseWebhook(body);
  }

  return new Router(STRICT).post(WEBHOOK_PATH, countAnswers(metrics.webhooks), async (ctx) => {
    await answer(deps, ctx, await readWebhook(ctx.req));
  });
}

/** Refuses what cannot be signed before anything of its body is read. */
function requireSignature({ logger }: WebhookDependencies, request: IncomingMessage): string {
  const [header] = request.headersDistinct['x-webhook-signature'] ?? [];
  if (!header?.trim()) {
    logger.warn('bulk_upload_notification.signature_missing');
    throw signatureMissing();
  }
  if (isSignature(header)) return header;
  logger.warn('bulk_upload_notification.signature_invalid');
  throw signatureInvalid();
}

function verifySignature(deps: WebhookDependencies, signature: string, body: Buffer): void {
  const { webhookSecrets, logger, metrics } = deps;
  const index = matchingSecret(body, signature, webhookSecrets);
  if (index === -1) {
    logger.warn('bulk_upload_notification.signature_invalid');
    throw signatureInvalid();
  }
  metrics.signatures.inc({ secret: index === 0 ? 'current' : 'previous' });
}

async function answer(
  { notifications, logger, webhookSecrets }: WebhookDependencies,
  ctx: RouterContext,
  parsed: ParsedWebhook,
): Promise<void> {
  if ('malformed' in parsed) {
    logger.warn({ fault: parsed.malformed }, 'bulk_upload_notification.payload_invalid');
    throw invalidPayload();
  }
  if ('ignored' in parsed) {
    logger.info(`bulk_upload_notification.${IGNORED_LOG_KEYS[parsed.ignored]}`);
    ctx.body = ignored(parsed.ignored);
    return;
  }
  const isVerified = webhookSecrets.length > 0;
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
    const isAwaited = () => !ctx.socket.destroyed;
    const status = await notifications.waitUntilSettled(workflowId, seconds * 1_000, isAwaited);
    if (status) ctx.body = settled(status);
  }
}
