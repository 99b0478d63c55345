import type { BulkUploadEvent } from '../../workflows/core/event';
import { createApp } from '../../src/http/app';
import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import { createWebhookRouter, type WebhookDependencies } from '../../src/webhook/route';
import { listen } from '../../src/http/server';
import { createMetrics } from '../../src/telemetry/metrics';
import { reportedOutcome } from '../../workflows/core/event';
import { workflowId } from '../../workflows/core/workflow-id';
import { capturedLogger } from './captured-logger';
import { fetch } from './recorded-fetch';

type Notifications = WebhookDependencies['notifications'];

export type WebhookEndpoint = Awaited<ReturnType<typeof startWebhookEndpoint>>;

/** The webhook route on a free port, with notifications that only record what was started. */
export async function startWebhookEndpoint({
  webhookSecrets = [],
  sources = [{ format: boltRouteFormat, secrets: webhookSecrets }],
  bodyLimits,
  ...fakes
}: Partial<Notifications> &
  Partial<Pick<WebhookDependencies, 'sources' | 'bodyLimits'>> & {
    webhookSecrets?: readonly string[];
  } = {}) {
  const events: BulkUploadEvent[] = [];
  const waits: [id: string, milliseconds: number][] = [];
  const metrics = createMetrics();
  const log = capturedLogger();

  const notifications: Notifications = {
    async start(event) {
      events.push(event);
      const outcome = reportedOutcome(event.stats) ?? 'completed';
      const id = workflowId(event.taskId, outcome);
      return { workflowId: id, runId: 'the-run', outcome, duplicate: false };
    },
    async waitUntilSettled(id, milliseconds) {
      waits.push([id, milliseconds]);
      return undefined;
    },
    ...fakes,
  };
  const router = createWebhookRouter({
    sources,
    notifications,
    bodyLimits,
    metrics,
    logger: log.logger,
  });
  const server = await listen(createApp({ logger: log.logger, routers: [router] }), 0);
  const url = `http://127.0.0.1:${server.port}${boltRouteFormat.path}`;

  async function counts(
    name: 'webhooks' | 'signatures' | 'refusedBodies',
  ): Promise<Record<string, number>> {
    const { values } = await metrics[name].get();
    const counted = values.filter(({ value }) => value > 0);
    return Object.fromEntries(
      counted.map(({ labels, value }) => [Object.values(labels)[0], value]),
    );
  }

  async function gauge(name: string): Promise<number> {
    const text = await metrics.registry.getSingleMetricAsString(name);
    return Number(text.split(' ').at(-1));
  }

  return {
    url,
    port: server.port,
    log,
    /** What was started. */
    events,
    /** Answers to webhooks that were read, and the seconds that they took together. */
    async acknowledged() {
      const { values } = await metrics.acknowledgements.get();
      const valueOf = (part: string) =>
        values.find(({ metricName }) => metricName?.endsWith(part))?.value ?? 0;
      return { count: valueOf('_count'), seconds: valueOf('_sum') };
    },
    /** Calls of `waitUntilSettled`. */
    waits,
    /** Webhooks by answer. */
    answers: () => counts('webhooks'),
    /** Verified webhooks by secret. */
    signatures: () => counts('signatures'),
    /** Refused bodies by reason. */
    refusedBodies: () => counts('refusedBodies'),
    heldBytes: () => gauge('bulk_notify_webhook_body_bytes'),
    openBodies: () => gauge('bulk_notify_webhook_bodies'),
    async post({ body, headers }: { body: Buffer; headers: Record<string, string> }) {
      const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    close: server.close,
  };
}
