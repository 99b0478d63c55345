import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { until } from '../../tools/sandbox/until';
import { type Stack, startStack } from './stack';
import { fetch } from '../support/recorded-fetch';

const userId = '6f1f4c5e-8f0e-4a53-9d55-1f7a3c2b9e01';
const oneShots = ['temporal-schema', 'dev-certificate', 'dev-tables', 'setup'];
const servers = ['postgres', 'temporal', 'temporal-ui', 'mailpit', 'api', 'worker'];

let stack: Stack;
let down: (() => Promise<void>) | undefined;
let lastTask = 0;

beforeAll(async () => {
  stack = await startStack();
  down = stack.down;
}, 1_200_000);

afterAll(() => down?.());

interface Message {
  Subject: string;
  To: { Address: string }[];
}

/** A webhook of a task that the provider's stand-in knows; the sender repeats it after a 503. */
async function postWebhook(secret?: string): Promise<{ status: number; fileName: string }> {
  lastTask += 1;
  const taskId = `00000000-0000-4000-8000-${String(lastTask).padStart(12, '0')}`;
  const { body, headers } = signedWebhook({ taskId, userId, secret });
  const url = `http://127.0.0.1:${stack.ports.api}/api/tasks/webhooks/bulk-upload`;
  let status = 503;
  await until('the webhook is taken', async () => {
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) }).catch(
      () => undefined,
    );
    status = answer?.status ?? 503;
    return status !== 503;
  });
  return { status, fileName: `file-${lastTask}.csv` };
}

async function mailsAbout(fileName: string): Promise<Message[]> {
  const url = `http://127.0.0.1:${stack.ports.mailpit}/api/v1/messages?limit=500`;
  const answer = await fetch(url);
  const { messages } = (await answer.json()) as { messages: Message[] };
  return messages.filter(({ Subject }) => Subject.includes(fileName));
}

async function untilMailed(fileName: string): Promise<Message[]> {
  let mails: Message[] = [];
  const arrived = async (): Promise<boolean> => {
    mails = await mailsAbout(fileName).catch(() => []);
    return mails.length > 0;
  };
  // A relay whose address has changed is found by the second attempt, minutes after the first.
  await until(`the mail about ${fileName} is in mailpit`, arrived, { timeoutMs: 240_000 });
  process.stderr.write(`mail: ${mails[0]?.Subject} -> ${mails[0]?.To[0]?.Address}\n`);
  return mails;
}

const signed = () => postWebhook(stack.secret('webhook_secret_key'));

interface Target {
  labels: Record<string, string>;
  health: string;
  lastError: string;
}

/** What Prometheus' HTTP API says. */
async function askPrometheus<T>(path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/${path}`);
  return ((await answer.json()) as { data: T }).data;
}

/** Whether a TCP connection from the one to the other comes about. */
async function reaches(from: string, to: string, port: number): Promise<boolean> {
  const connect = `
    const socket = require('node:net').connect(${port}, '${to}');
    setTimeout(() => process.exit(1), 3000);
    socket.once('connect', () => process.exit(0)).once('error', () => process.exit(1));`;
  const command = ['api', 'worker'].includes(from)
    ? ['node', '--eval', connect]
    : ['nc', '-z', '-w', '3', to, String(port)];
  return (await stack.exec(from, command)).code === 0;
}

describe('docker compose --profile dev --profile observability up', () => {
  it('sends the mail of a signed webhook', async () => {
    const { status, fileName } = await signed();

    expect(status).toBe(200);
    expect(await untilMailed(fileName)).toMatchObject([
      {
        Subject: `Your file ${fileName} has been verified`,
        To: [{ Address: 'ada@example.test' }],
      },
    ]);
  });

  it('answers 401 to a webhook without a signature', async () => {
    expect(await postWebhook()).toMatchObject({ status: 401 });
  });

  it('shows the Temporal UI', async () => {
    const answer = await fetch(`http://127.0.0.1:${stack.ports['temporal-ui']}/api/v1/settings`);

    expect(await answer.json()).toMatchObject({ DefaultNamespace: 'bulk-notify' });
  });

  it('publishes the admin listener, and metrics only there', async () => {
    const metrics = (service: string) => fetch(`http://127.0.0.1:${stack.ports[service]}/metrics`);

    expect((await metrics('api:8082')).status).toBe(200);
    expect((await metrics('api')).status).toBe(404);
  });

  it.each([
    ['mailpit', 'temporal', 7233, false],
    ['mailpit', 'postgres', 5432, false],
    ['mailpit', 'api', 8080, false],
    ['temporal-ui', 'postgres', 5432, false],
    ['temporal-ui', 'temporal', 7233, true],
    ['temporal', 'mailpit', 1025, false],
    ['api', 'postgres', 5432, true],
    ['api', 'mailpit', 1025, false],
    ['api', 'temporal', 7233, true],
    ['worker', 'temporal', 7233, true],
    ['worker', 'postgres', 5432, true],
    ['worker', 'mailpit', 1025, true],
    ['prometheus', 'api', 8082, true],
    ['prometheus', 'worker', 8081, true],
    ['prometheus', 'postgres', 5432, false],
    ['prometheus', 'temporal', 7233, false],
  ])('from %s, %s:%i is reached: %s', async (from, to, port, expected) => {
    expect(await reaches(from, to, port)).toBe(expected);
  });

  it.each([
    ['bulk_notify', 'database_password', 'temporal'],
    ['bulk_notify', 'database_password', 'temporal_visibility'],
    ['temporal', 'temporal_database_password', 'bulk_notify'],
    ['bulk_notify_reader', 'admin_database_password', 'temporal'],
  ])('refuses the role %s, whose password is %s, the database %s', async (role, secret, name) => {
    const url = `postgres://${role}:${stack.secret(secret)}@postgres:5432/${name}`;

    const { code, output } = await stack.exec('postgres', ['psql', url, '--command=SELECT 1']);

    expect(code).not.toBe(0);
    expect(output).toContain(`permission denied for database "${name}"`);
  });

  it('runs our services as the user 1000, who cannot write to the image', async () => {
    for (const service of ['api', 'worker']) {
      const script = 'id -u; touch /app/written || echo refused';
      const { output } = await stack.exec(service, ['sh', '-c', script]);
      expect(output).toMatch(/^1000\n/);
      expect(output).toContain('refused');
    }
  });

  it('has the metrics of the API, the worker and its SDK scraped by Prometheus', async () => {
    const target = (job: string, address: string) => ({
      labels: { job, instance: address },
      health: 'up',
      lastError: '',
    });

    await until('each target was scraped', async () => {
      const { activeTargets } = await askPrometheus<{ activeTargets: Target[] }>('targets');
      return activeTargets.every(({ health }) => health !== 'unknown');
    });

    const { activeTargets } = await askPrometheus<{ activeTargets: Target[] }>('targets');
    const targets = activeTargets.map(({ labels, health, lastError }) => ({
      ...{ labels, health, lastError },
    }));
    expect(targets).toHaveLength(3);
    expect(targets).toEqual(
      expect.arrayContaining([
        target('bulk-notify-api', 'api:8082'),
        target('bulk-notify-worker', 'worker:8081'),
        target('bulk-notify-temporal-sdk', 'worker:8083'),
      ]),
    );
  });

  it('has Prometheus judge every alert of deploy/prometheus', async () => {
    const rules = readFileSync(join(__dirname, '../../deploy/prometheus/alerts.yml'), 'utf8');
    const names = [...rules.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
    interface Rule {
      name: string;
      health: string;
      lastError?: string;
    }
    let loaded: Rule[] = [];

    await until('all were judged', async () => {
      const { groups } = await askPrometheus<{ groups: { rules: Rule[] }[] }>('rules');
      loaded = groups.flatMap((group) => group.rules);
      return loaded.every(({ health }) => health !== 'unknown');
    });

    expect(names.length).toBeGreaterThan(20);
    expect(loaded.map(({ name, health, lastError }) => ({ name, health, lastError }))).toEqual(
      names.map((name) => ({ name, health: 'ok', lastError: undefined })),
    );
  });

  it.each(oneShots)('runs %s again without harm', async (service) => {
    await expect(stack.restart(service)).resolves.toBeUndefined();
  });

  it.each(servers)('is healthy after a restart of %s, and mails', async (service) => {
    await stack.restart(service);
    const { status, fileName } = await signed();

    expect(status).toBe(200);
    expect(await untilMailed(fileName)).toHaveLength(1);
  });
});

describe('the image', () => {
  it('does not start an endpoint that would take unsigned webhooks', async () => {
    const { code, output } = await stack.runImage(['api']);

    expect(code).toBe(2);
    expect(output).toContain('WEBHOOK_SECRET_KEY is missing, and signatures are required');
  });
});
