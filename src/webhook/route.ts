import type { Router, RouterContext } from '@koa/router';
import type { IncomingMessage } from 'node:http';
import { countAnswers } from '../http/count-answers';
import { createRouter } from '../http/router';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { createRareLog } from '../telemetry/rare-log';
import type { Notifications } from '../temporal/notifications';
import { accepted, ignored, settled } from './answers';
import type { BudgetLimits } from './body-budget';
import { invalidPayload } from './errors';
import type { IgnoredReason, ParsedWebhook, WebhookEvent } from './format';
import { preferredWaitSeconds } from './preferred-wait';
import { createBodyReader } from './raw-body';
import { type ReceiveDependencies, receiveWebhook, type WebhookSource } from './receive-webhook';

export interface WebhookDependencies {
  sources: readonly WebhookSource[];
  notifications: Pick<Notifications, 'start' | 'waitUntilSettled'>;
  logger: Logger;
  metrics: Metrics;
  bodyLimits?: Partial<BudgetLimits>;
}

const IGNORED_LOG_KEYS: Record<IgnoredReason, string> = {
  event_type_not_supported: 'event_ignored',
  task_id_missing: 'task_id_missing',
  not_task_completion: 'per_email_ignored',
};

/** One route for each source. Each webhook of a completed upload starts its notification once. */
export function createWebhookRouter(deps: WebhookDependencies): Router {
  const readBody = createCountedReader(deps);
  const router = createRouter();
  for (const source of deps.sources) {
    router.post(source.format.path, countAnswers(deps.metrics.webhooks), async (ctx) => {
      const workflowId = await acknowledge({ ...deps, readBody }, source, ctx);
      if (workflowId) await waitIfPreferred(deps, ctx, workflowId);
    });
  }
  return router;
}

/** All sources share one budget of memory for their bodies. */
function createCountedReader({ metrics, logger, bodyLimits: limits }: WebhookDependencies) {
  const logRefusal = createRareLog((count) =>
    logger.warn({ count }, 'bulk_upload_notification.bodies_refused'),
  );
  const { readBody, usage } = createBodyReader({
    limits,
    onRefused(reason) {
      metrics.refusedBodies.inc({ reason });
      logRefusal();
    },
  });
  metrics.observeBodies(usage);
  return readBody;
}

/** Answers a webhook, and returns the ID of what it has started. The time counts from its last byte. */
async function acknowledge(
  deps: WebhookDependencies & Pick<ReceiveDependencies, 'readBody'>,
  source: WebhookSource,
  ctx: RouterContext,
): Promise<string | undefined> {
  let observe = () => {};
  async function readBody(request: IncomingMessage): Promise<Buffer> {
    const body = await deps.readBody(request);
    observe = deps.metrics.acknowledgements.startTimer();
    return body;
  }
  try {
    const webhook = await receiveWebhook({ ...deps, readBody }, source, ctx.req);
    return await answer(deps, ctx, webhook, { isVerified: source.secrets.length > 0 });
  } finally {
    observe();
  }
}

async function answer(
  deps: WebhookDependencies,
  ctx: RouterContext,
  webhook: ParsedWebhook,
  { isVerified }: { isVerified: boolean },
): Promise<string | undefined> {
  if ('malformed' in webhook) {
    deps.logger.warn({ fault: webhook.malformed }, 'bulk_upload_notification.payload_invalid');
    throw invalidPayload();
  }
  if ('ignored' in webhook) {
    deps.logger.info(`bulk_upload_notification.${IGNORED_LOG_KEYS[webhook.ignored]}`);
    ctx.body = ignored(webhook.ignored);
    return undefined;
  }
  return start(deps, ctx, { ...webhook.event, isVerified });
}

async function start(
  { notifications, logger }: WebhookDependencies,
  ctx: RouterContext,
  event: WebhookEvent & { isVerified: boolean },
): Promise<string | undefined> {
  const { workflowId, runId, outcome, duplicate } = await notifications.start(event);
  const facts = { event_id: workflowId, workflow_id: workflowId, run_id: runId };
  if (duplicate) {
    logger.info(facts, 'bulk_upload_notification.duplicate_or_not_recorded');
    ctx.body = ignored('duplicate_or_not_recorded');
    return undefined;
  }
  logger.info(facts, 'bulk_upload_notification.accepted');
  ctx.body = accepted(event.taskId, outcome, workflowId);
  return workflowId;
}

async function waitIfPreferred(
  { notifications }: WebhookDependencies,
  ctx: RouterContext,
  workflowId: string,
): Promise<void> {
  const seconds = preferredWaitSeconds(ctx.get('Prefer'));
  if (seconds === undefined) return;
  ctx.set('Preference-Applied', `wait=${seconds}`);
  const isAwaited = () => !ctx.socket.destroyed;
  const status = await notifications.waitUntilSettled(workflowId, seconds * 1_000, isAwaited);
  if (status) ctx.body = settled(status);
}
