import Koa from 'koa';
import { listen, type Listener } from './listen';
import { errorBody, ProviderRefusal } from './provider-errors';
import { createProviderFaults, type ProviderFaults } from './provider-faults';
import { providerRoutes, type ProviderUpload } from './provider-routes';
import { createProviderTasks, type ProviderTasks } from './provider-tasks';

export interface ProviderOptions {
  adminKey?: string;
  /** How long an uploaded file stays `processing`; until `setStatus` by default. */
  processingMs?: number;
}

export interface ProviderRequest {
  method: string;
  path: string;
  status: number;
  time: Date;
}

export interface Provider extends Pick<ProviderFaults, 'fail' | 'delay'> {
  /** Ends in `/api/v1`. */
  baseUrl: string;
  adminKey: string;
  addTask: ProviderTasks['add'];
  setStatus: ProviderTasks['setStatus'];
  /** Those that were answered, in that order. */
  requests: ProviderRequest[];
  /** Those that were taken. */
  uploads: ProviderUpload[];
  /** Cuts all connections; tasks stay. */
  stop: () => Promise<void>;
  /** Opens again on the same port. */
  start: () => Promise<void>;
}

/** A stand-in for BoltRoute's API: its shapes, statuses and error bodies, and faults on demand. */
export async function startProvider({
  adminKey = 'sandbox-admin-key',
  processingMs,
}: ProviderOptions = {}): Promise<Provider> {
  const tasks = createProviderTasks();
  const faults = createProviderFaults();
  const requests: ProviderRequest[] = [];
  const uploads: ProviderUpload[] = [];

  const app = new Koa();

  app.use(async (ctx, next) => {
    const time = new Date();
    await next();
    // A request that `stop` cut was not answered.
    if (ctx.writable) {
      requests.push({ method: ctx.method, path: ctx.path, status: ctx.status, time });
    }
  });

  app.use(async (ctx, next) => {
    const fault = await faults.next();
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
      if (!(error instanceof ProviderRefusal)) throw error;
      ctx.status = error.status;
      ctx.body = error.body;
    }
  });

  app.use(providerRoutes({ tasks, uploads, adminKey, processingMs }));

  let listener: Listener | undefined = await listen(app.callback());
  const { port } = listener;

  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    adminKey,
    addTask: tasks.add,
    setStatus: tasks.setStatus,
    fail: faults.fail,
    delay: faults.delay,
    requests,
    uploads,
    async stop() {
      const closed = listener?.close();
      listener = undefined;
      faults.interrupt();
      await closed;
    },
    async start() {
      listener ??= await listen(app.callback(), port);
    },
  };
}
