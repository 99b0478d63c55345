import Koa from 'koa';
import { listenHttp, type Listener } from '../network/listen-http';
import { onFreePorts } from '../network/on-free-ports';
import { errorBody, ProviderRefusal } from './provider-errors';
import { createProviderFaults, type ProviderFaults } from './provider-faults';
import { providerRoutes, type ProcessingTime, type ProviderUpload } from './provider-routes';
import { createProviderTasks, type ProviderTasks } from './provider-tasks';
import {
  createProviderWebhooks,
  type ProviderWebhooks,
  type WebhookRules,
} from './provider-webhooks';

export interface ProviderOptions {
  adminKey?: string;
  /** How long an uploaded file stays `processing`; until `setStatus` by default. */
  processingMs?: ProcessingTime;
  /** Signs the webhooks; without one they are not signed. */
  webhookSecret?: string;
  /** By default six attempts of at most 10 s, after waits of 1 s, 2 s, 4 s … */
  webhookRules?: Partial<WebhookRules>;
}

export interface ProviderRequest {
  method: string;
  path: string;
  status: number;
  time: Date;
}

export interface Provider
  extends
    Pick<ProviderFaults, 'fail' | 'delay' | 'delayed' | 'trickle'>,
    Pick<ProviderWebhooks, 'deliveries' | 'loseWebhooks'> {
  /** Ends in `/api/v1`. */
  baseUrl: string;
  adminKey: string;
  addTask: ProviderTasks['add'];
  /** A task that was processing and becomes final sends its webhook. */
  setStatus: ProviderTasks['setStatus'];
  /** Those that were answered, in that order. */
  requests: ProviderRequest[];
  /** Those that were taken. */
  uploads: ProviderUpload[];
  /** Cuts all connections and deliveries; what is still to be done stays. */
  stop: () => Promise<void>;
  /** Opens again on the same port, and goes on. */
  start: () => Promise<void>;
}

/** A stand-in for BoltRoute: its shapes, statuses, error bodies and webhooks; faults on demand. */
export async function startProvider({
  adminKey = 'sandbox-admin-key',
  processingMs,
  webhookSecret,
  webhookRules,
}: ProviderOptions = {}): Promise<Provider> {
  const webhooks = createProviderWebhooks(webhookSecret, webhookRules);
  const tasks = createProviderTasks(webhooks.deliver);
  const faults = createProviderFaults();
  const requests: ProviderRequest[] = [];
  const uploads: ProviderUpload[] = [];

  const app = new Koa();
  // Koa would print of every client that goes away, and of every answer that `stop` cuts.
  app.silent = true;

  app.use(async (ctx, next) => {
    const time = new Date();
    await next();
    // A request that `stop` cut was not answered.
    if (ctx.writable) {
      requests.push({ method: ctx.method, path: ctx.path, status: ctx.status, time });
    }
  });

  app.use(async (ctx, next) => {
    await next();
    const body: unknown = ctx.body;
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    ctx.body = faults.paced(bytes);
    ctx.length = bytes.length;
  });

  app.use(async (ctx, next) => {
    const fault = await faults.next(ctx.path);
    if (!fault) {
      await next();
      return;
    }
    ctx.status = fault.status;
    ctx.body = fault.body ?? errorBody(fault.status);
    if (fault.retryAfter !== undefined) ctx.set('Retry-After', String(fault.retryAfter));
  });

  app.use(async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) {
        ctx.status = 404;
        ctx.body = errorBody(404, 'Route not found');
      }
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) {
        console.error(error);
        throw error;
      }
      ctx.status = error.status;
      ctx.body = error.body;
    }
  });

  app.use(providerRoutes({ tasks, uploads, adminKey, processingMs }));

  let listener: Listener | undefined = await onFreePorts([undefined], ([free]) =>
    listenHttp(app.callback(), free),
  );
  const { port } = listener;

  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    adminKey,
    addTask: tasks.add,
    setStatus: tasks.setStatus,
    fail: faults.fail,
    delay: faults.delay,
    delayed: faults.delayed,
    trickle: faults.trickle,
    deliveries: webhooks.deliveries,
    loseWebhooks: webhooks.loseWebhooks,
    requests,
    uploads,
    async stop() {
      const closed = listener?.close();
      listener = undefined;
      faults.interrupt();
      tasks.stop();
      await Promise.all([closed, webhooks.stop()]);
    },
    async start() {
      if (listener) return;
      listener = await listenHttp(app.callback(), port);
      tasks.start();
      webhooks.start();
    },
  };
}
