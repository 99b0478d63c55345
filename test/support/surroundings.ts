import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { createNotifications } from '../../src/temporal/notifications';
import { workflowId } from '../../workflows/core/workflow-id';
import { addUser } from '../../tools/sandbox/postgres/add-user';
import { startProvider } from '../../tools/sandbox/provider/provider';
import type { UploadStatus } from '../../tools/sandbox/provider/provider-shapes';
import { startRelay } from '../../tools/sandbox/relay/relay';
import { serviceEnvironment } from '../../tools/sandbox/service/service-environment';
import {
  signedWebhook,
  type SignedWebhookOptions,
} from '../../tools/sandbox/provider/signed-webhook';
import { startService, type ServiceProcess } from '../../tools/sandbox/service/service-process';
import { persistently } from './persistently';
import { WEBHOOK_KEY } from './planted-values';
import { fetch } from './recorded-fetch';
import { suite } from './suite';
import { connectClient } from './temporal-client';
import { untilAnswered } from './until-answered';

const CLI = join(__dirname, '../../dist/src/cli.js');

const SETTLED_WITHIN_MS = 60_000;

export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>;

interface Upload {
  filename?: string;
  total?: number;
  status?: UploadStatus;
  /** The owner's address; null: the owner has none. */
  email?: string | null;
}

/**
 * A relay, a provider and a task queue of the test's own, beside the suite's Temporal and Postgres
 * or those that are given; and the service's processes in these surroundings.
 */
export async function startSurroundings(given: Partial<ReturnType<typeof suite>> = {}) {
  const { temporal, postgres } = { ...suite(), ...given };
  const taskQueue = `test-${randomUUID()}`;
  const webhookSecret = `${WEBHOOK_KEY}${randomUUID()}`;
  const [relay, provider] = await Promise.all([startRelay(), startProvider({ webhookSecret })]);
  const surroundings = { temporal, postgres, relay, provider, taskQueue, webhookSecret };
  const environment: Record<string, string> = {
    ...serviceEnvironment(surroundings),
    RESEND_WINDOW: '0',
  };

  /** Uploads whose owners can be found, as the provider and Supabase know them. */
  async function addUploads(uploads: Upload[]) {
    const added = uploads.map((upload) => {
      const { filename = 'customers.csv', total = 12, status = 'completed', email } = upload;
      const userId = randomUUID();
      const address = email === undefined ? `owner-${userId}@customer.example` : email;
      const file = { filename, email_count: total, status };
      const { id: taskId } = provider.addTask({ user_id: userId, file });
      return { taskId, userId, address };
    });
    const owners = added.map(({ userId, address }) => ({ userId, profileEmail: address }));
    await addUser(postgres.url, ...owners);
    return added;
  }

  async function addUpload(upload: Upload = {}) {
    const [added] = await addUploads([upload]);
    return added!;
  }

  const processes: ServiceProcess[] = [];
  async function start(command: 'api' | 'worker', overrides: Record<string, string> = {}) {
    const service = await startService(command, { ...environment, ...overrides });
    processes.push(service);
    return service;
  }

  /** Runs a command that ends by itself; rejects unless it ends well. */
  async function run(...args: string[]): Promise<void> {
    const env = { PATH: process.env.PATH, ...environment };
    await promisify(execFile)(process.execPath, [CLI, ...args], { env });
  }

  /** Runs `bulk-notify watch`, again when Temporal was too slow for it. */
  const watch = (taskId: string) => untilAnswered(() => run('watch', taskId));

  /** Posts the provider's signed webhook at an API process. */
  async function postOnce(
    api: ServiceProcess,
    webhook: SignedWebhookOptions,
    headers: Record<string, string> = {},
  ) {
    const signed = signedWebhook({ secret: webhookSecret, ...webhook });
    const response = await fetch(`http://127.0.0.1:${api.port}/api/tasks/webhooks/bulk-upload`, {
      method: 'POST',
      headers: { ...signed.headers, ...headers },
      body: signed.body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Posts it again when the answer is 503, as the provider does. */
  function post(...[api, webhook, headers]: Parameters<typeof postOnce>) {
    const same = { completedAt: new Date(), ...webhook };
    return persistently(() => postOnce(api, same, headers));
  }

  let connecting: Promise<Client> | undefined;

  /** Posts a webhook until it is taken, and waits until its notification is sent or parked. */
  async function notify(api: ServiceProcess, webhook: SignedWebhookOptions & { taskId: string }) {
    const id = workflowId(webhook.taskId, webhook.failed ? 'failed' : 'completed');
    const client = await (connecting ??= connectClient(temporal));
    const { waitUntilSettled } = createNotifications({ client, taskQueue, resendWindowMs: 0 });
    await post(api, webhook);
    return waitUntilSettled(id, SETTLED_WITHIN_MS, () => true);
  }

  async function close() {
    await Promise.all(processes.map((service) => service.stop('SIGKILL')));
    await Promise.all([relay.stop(), provider.stop(), (await connecting)?.connection.close()]);
  }

  return {
    temporal,
    postgres,
    relay,
    provider,
    taskQueue,
    environment,
    webhookSecret,
    addUpload,
    addUploads,
    start,
    run,
    watch,
    post,
    postOnce,
    notify,
    close,
  };
}
