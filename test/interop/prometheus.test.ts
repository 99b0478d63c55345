import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startTcpProxy, type TcpProxy } from '../../tools/sandbox/network/tcp-proxy';
import { onFreePorts } from '../../tools/sandbox/network/on-free-ports';
import { startScriptedRelay } from '../../tools/sandbox/relay/scripted-relay';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import { userToken } from '../../tools/sandbox/service/user-token';
import { head, rawConnection } from '../support/raw-request';
import { JWT_KEY, WEBHOOK_KEY } from '../support/planted-values';
import { fetch } from '../support/recorded-fetch';
import { seriesOf, serviceMetrics } from '../support/service-metrics';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';
import { programDirectory } from './support/foreground';
import { DEPLOY, type Prometheus, promtool, rulesOf, startPrometheus } from './support/prometheus';

const RULES = join(DEPLOY, 'prometheus/alerts.yml');
const DAY_SECONDS = 86_400;

const alerts = rulesOf(readFileSync(RULES, 'utf8')).map(({ alert }) => alert);
const fired = new Set<string>();

describe('promtool', () => {
  it('finds no fault in the rules', async () => {
    const said = await promtool(['check', 'rules', '--lint=all', '--lint-fatal', RULES]);

    expect(said).toContain(`${alerts.length} rules found`);
  });

  it('finds no fault in the configuration', async () => {
    const said = await promtool(['check', 'config', join(DEPLOY, 'prometheus/prometheus.yml')]);

    expect(said).toContain('SUCCESS');
  });

  it('sees each alert fire by its situation, and none fire when all is well', async () => {
    const said = await promtool(['test', 'rules', join(DEPLOY, 'prometheus/alerts.test.yml')]);

    expect(said).toContain('SUCCESS');
  });

  it('can evaluate each expression of the dashboard', async () => {
    const dashboard = readFileSync(join(DEPLOY, 'grafana/dashboards/bulk-notify.json'), 'utf8');
    const { panels } = JSON.parse(dashboard) as { panels: { targets?: { expr: string }[] }[] };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const rules = expressions.map((expr, index) => ({
      record: `panel:expression:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    const { path: directory, remove } = programDirectory('promtool');
    const file = join(directory, 'dashboard.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));

    await promtool(['check', 'rules', '--lint=all', '--lint-fatal', file]);
    remove();

    expect(expressions.length).toBeGreaterThan(30);
  });
});

/** The processes of a stage, and a Prometheus that scrapes them. */
interface Stage {
  surroundings: Surroundings;
  prometheus: Prometheus;
}

const stages: Stage[] = [];
afterAll(async () => {
  await Promise.all(
    stages.map(({ surroundings, prometheus }) =>
      Promise.all([surroundings.close(), prometheus.close()]),
    ),
  );
});

const startApi = (surroundings: Surroundings, overrides: Record<string, string> = {}) =>
  onFreePorts([undefined], async ([port]) => {
    const ADMIN_PORT = String(port);
    const api = await surroundings.start('api', { ...overrides, ADMIN_PORT });
    return Object.assign(api, { adminPort: port as number });
  });

type Api = Awaited<ReturnType<typeof startApi>>;
type Worker = Awaited<ReturnType<typeof startWorker>>;

const startWorker = (surroundings: Surroundings, overrides: Record<string, string> = {}) =>
  onFreePorts([undefined], async ([port]) => {
    const TEMPORAL_METRICS_PORT = String(port);
    const worker = await surroundings.start('worker', { ...overrides, TEMPORAL_METRICS_PORT });
    return Object.assign(worker, { sdkPort: port as number });
  });

const scrape = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

async function expectToFire({ prometheus }: Stage, alert: string, labels = {}): Promise<void> {
  await prometheus.untilFires(alert, labels);
  fired.add(alert);
}

/** Repeats what causes the alert until it fires. */
async function expectToFireBy(
  stage: Stage,
  alert: string,
  cause: () => Promise<unknown>,
  labels = {},
): Promise<void> {
  const isOver = new AbortController();
  const causes = (async () => {
    while (!isOver.signal.aborted) {
      await cause();
      await delay(1_000);
    }
  })();
  await expectToFire(stage, alert, labels).finally(() => isOver.abort());
  await causes;
}

describe('a service that does its work', () => {
  let stage: Stage;
  let api: Api;
  let worker: Worker;

  beforeAll(async () => {
    const surroundings = await startSurroundings();
    [api, worker] = await Promise.all([startApi(surroundings), startWorker(surroundings)]);
    const prometheus = await startPrometheus(
      {
        'bulk-notify-api': [api.adminPort],
        'bulk-notify-worker': [worker.port],
        'bulk-notify-temporal-sdk': [worker.sdkPort],
      },
      { waitSeconds: 10 },
    );
    stage = { surroundings, prometheus };
    stages.push(stage);
  });

  it('exports metrics in which promtool finds no fault', async () => {
    const texts = await Promise.all([api.adminPort, worker.port, worker.sdkPort].map(scrape));

    const node = /^(?:# \w+ )?(?:process|nodejs)_.*\n/gm;
    const said = texts.map((text) => promtool(['check', 'metrics'], text.replaceAll(node, '')));
    expect(await Promise.all(said)).toEqual(['', '', '']);
  });

  it('fires nothing, and has every metric of the service scraped', async () => {
    const { surroundings, prometheus } = stage;
    for (let index = 0; index < 10; index++) {
      const { taskId } = await surroundings.addUpload();
      await surroundings.post(api, { taskId }, { Prefer: 'wait=20' });
      await delay(1_000);
      expect(await prometheus.firing()).toEqual([]);
    }

    const names = new Set(await prometheus.names());
    const { api: ofApi, worker: ofWorker } = serviceMetrics();
    const isMissing = (metric: (typeof ofApi)[number]) =>
      seriesOf(metric).some((name) => !names.has(name));
    const missing = [...ofApi, ...ofWorker].filter(isMissing).map(({ name }) => name);
    // A mail of this or another test may wait when what waits is sampled, or not.
    const certain = missing.filter((name) => !/oldest_waiting/.test(name));
    // No key is a JSON Web Token.
    expect([...new Set(certain)]).toEqual(['bulk_notify_key_expiry_timestamp_seconds']);
  });

  it('has the metrics of the SDK scraped that rules and dashboard name', async () => {
    const texts = ['prometheus/alerts.yml', 'grafana/dashboards/bulk-notify.json'].map((name) =>
      readFileSync(join(DEPLOY, name), 'utf8'),
    );
    const named = new Set(texts.join('').match(/\btemporal_\w+_(?:total|bucket|available)\b/g));
    // Does not exist before the first failure.
    named.delete('temporal_workflow_task_execution_failed_total');

    expect(named.size).toBeGreaterThan(2);

    // While all is well no task of an activity is needed; a mail that is deferred has one.
    const { surroundings, prometheus } = stage;
    const { taskId } = await surroundings.addUpload();
    surroundings.relay.answer({ step: 'rcpt-to', code: 451, text: '4.3.0 later' });
    await surroundings.post(api, { taskId });

    await until('all are there', async () => {
      const names = await prometheus.names();
      return [...named].every((name) => names.includes(name));
    });
  });
});

describe('an API without a worker', () => {
  let stage: Stage;
  let api: Api;

  beforeAll(async () => {
    const surroundings = await startSurroundings();
    api = await startApi(surroundings);
    const prometheus = await startPrometheus(
      { 'bulk-notify-api': [api.adminPort] },
      {
        changes: {
          NotificationsPileUp: ['> 100', '> 1'],
          OldestWaitingTooOld: ['6 * 3600', '5'],
        },
      },
    );
    stage = { surroundings, prometheus };
    stages.push(stage);
  });

  const post = (secret = stage.surroundings.webhookSecret) =>
    stage.surroundings.post(api, { taskId: randomUUID(), secret });

  it.each([
    ['ServiceDown', { job: 'bulk-notify-worker' }],
    ['NobodyPolls', { task_queue: 'notifications' }],
    ['NothingSettles', {}],
    ['NotificationsPileUp', {}],
    ['OldestWaitingTooOld', {}],
  ])('fires %s when webhooks come', (alert, labels) =>
    expectToFireBy(stage, alert, () => post(), labels),
  );

  it('fires SignaturesInvalid when they are signed with another key', () =>
    expectToFireBy(stage, 'SignaturesInvalid', () => post('another key')));

  it('fires BodiesRefused when clients stall', async () => {
    const stalled = Array.from({ length: 12 }, async () => {
      const connection = await rawConnection(api.port);
      const signature = `X-Webhook-Signature: sha256=${'0'.repeat(64)}`;
      const { pathname } = new URL(serviceUrls(api.port).webhook);
      connection.send(`${head(`POST ${pathname}`, ['Content-Length: 9', signature])}{`);
      await connection.ended();
      connection.close();
    });

    await expectToFire(stage, 'BodiesRefused', { reason: 'too_slow' });
    await Promise.all(stalled);
  });
});

describe('an API without Temporal, a database and a key', () => {
  let stage: Stage;
  let api: Api;
  const jwtSecret = `${JWT_KEY}${randomUUID()}`;

  beforeAll(async () => {
    const surroundings = await startSurroundings();
    const jwt = new SignJWT({ role: 'anon' }).setProtectedHeader({ alg: 'HS256' });
    const ends = Math.floor(Date.now() / 1_000) + DAY_SECONDS;
    api = await startApi(surroundings, {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      WEBHOOK_SECRET_KEY: '',
      WEBHOOK_SIGNATURE_REQUIRED: 'false',
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
      BULK_UPLOAD_WEBHOOK_URL: 'https://app.example/webhook',
      SUPABASE_JWT_SECRET: jwtSecret,
      TEMPORAL_API_KEY: await jwt.setExpirationTime(ends).sign(Buffer.alloc(32, 'k')),
      TEMPORAL_TLS: 'false',
    });
    const prometheus = await startPrometheus({ 'bulk-notify-api': [api.adminPort] });
    stage = { surroundings, prometheus };
    stages.push(stage);
  });

  async function upload(): Promise<void> {
    const token = await userToken(randomUUID(), 'owner@customer.example', jwtSecret);
    const form = new FormData();
    form.append('files', new Blob(['a@example.com\n']), 'leads.txt');
    const file = { file_name: 'leads.txt', first_row_has_labels: false, remove_duplicates: false };
    form.set('file_metadata', JSON.stringify([file]));
    const response = await fetch(serviceUrls(api.port).upload, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: form,
    });
    expect(response.status).toBe(200);
  }

  it.each([
    ['NoApiReady', {}],
    ['SignatureNotChecked', {}],
    ['SamplerDown', { source: 'ledger' }],
    ['KeyExpires', { variable: 'TEMPORAL_API_KEY' }],
  ])('fires %s', (alert, labels) => expectToFire(stage, alert, labels));

  it('fires StartsFail when webhooks come', () =>
    expectToFireBy(stage, 'StartsFail', () =>
      stage.surroundings.postOnce(api, { taskId: randomUUID() }),
    ));

  it('fires UploadsNotWatched when a file is uploaded', () =>
    expectToFireBy(stage, 'UploadsNotWatched', upload));
});

describe('a service with faults', () => {
  let stage: Stage;
  let api: Api;
  let worker: Worker;
  let temporal: TcpProxy;
  const previous = `${WEBHOOK_KEY}${randomUUID()}`;

  beforeAll(async () => {
    const surroundings = await startSurroundings();
    const { environment } = surroundings;
    Object.assign(environment, { SWEEP_AFTER: '1s', WATCH_GIVE_UP: '1s' });
    temporal = await startTcpProxy(() => Number(environment.TEMPORAL_ADDRESS?.split(':').at(-1)));
    [api, worker] = await Promise.all([
      startApi(surroundings, {
        TEMPORAL_ADDRESS: `${temporal.host}:${temporal.port}`,
        WEBHOOK_SECRET_KEY_PREVIOUS: previous,
      }),
      startWorker(surroundings),
    ]);
    const prometheus = await startPrometheus(
      {
        'bulk-notify-api': [api.adminPort],
        'bulk-notify-worker': [worker.port],
        'bulk-notify-temporal-sdk': [worker.sdkPort],
      },
      { changes: { CertificateExpires: ['14 * 86400', '40 * 86400'] } },
    );
    stage = { surroundings, prometheus };
    stages.push(stage);
    await delay(2_000);
  });
  afterAll(() => temporal.close());

  /** An upload whose webhook comes. */
  async function notify(upload: Parameters<Surroundings['addUpload']>[0] = {}, secret?: string) {
    const { surroundings } = stage;
    const { taskId } = await surroundings.addUpload(upload);
    return surroundings.post(api, { taskId, ...(secret && { secret }) });
  }

  it('fires AmbiguousSends when the relay leaves after the dot', () =>
    expectToFireBy(stage, 'AmbiguousSends', () => {
      stage.surroundings.relay.answer({ step: 'final-reply', drop: true });
      return notify();
    }));

  it('fires CertificateExpires once the relay has shown its certificate', () =>
    expectToFire(stage, 'CertificateExpires', { owner: 'relay' }));

  it('fires ConfigurationError when the relay refuses the login', () =>
    expectToFireBy(
      stage,
      'ConfigurationError',
      () => {
        // Not at AUTH, which a kept connection has behind it.
        const text = '5.7.0 Authentication required';
        stage.surroundings.relay.answer({ step: 'mail-from', code: 530, text });
        return notify();
      },
      { part: 'relay' },
    ));

  it('fires ParkedGrowing when six owners have no address', () =>
    expectToFireBy(
      stage,
      'ParkedGrowing',
      () => Promise.all(Array.from({ length: 6 }, () => notify({ email: null }))),
      { reason: 'recipient_missing' },
    ));

  it('fires PreviousKeyUsed when the sender keeps to it', () =>
    expectToFireBy(stage, 'PreviousKeyUsed', () => notify({}, previous)));

  it('fires WebhooksLost when no webhook comes', async () => {
    const { taskId } = await stage.surroundings.addUpload();
    await stage.surroundings.watch(taskId);

    await expectToFire(stage, 'WebhooksLost');
  });

  it('fires UploadsWithoutEnd when an upload is never final', async () => {
    const { taskId } = await stage.surroundings.addUpload({ status: 'processing' });
    await stage.surroundings.watch(taskId);

    await expectToFire(stage, 'UploadsWithoutEnd', { result: 'gave_up' });
  });

  it('fires AcknowledgementSlow when an API stands still', () =>
    expectToFireBy(stage, 'AcknowledgementSlow', async () => {
      temporal.blackhole();
      const answer = notify();
      // It has the webhook by then, or has it the next time.
      await delay(500);
      process.kill(api.pid, 'SIGSTOP');
      await delay(3_000);
      process.kill(api.pid, 'SIGCONT');
      temporal.restore();
      await answer;
    }));

  it('fires WorkflowTasksFail when no code fits a run', async () => {
    const client = await connectClient();
    const { taskQueue } = stage.surroundings;
    const workflowId = `misfit-${randomUUID()}`;
    const run = await client.workflow.start('noSuchWorkflow', { taskQueue, workflowId });

    await expectToFire(stage, 'WorkflowTasksFail');
    await run.terminate();
    await client.connection.close();
  });

  it('fires WorkflowTasksLate when a worker stands still while webhooks come', () =>
    expectToFireBy(stage, 'WorkflowTasksLate', async () => {
      process.kill(worker.pid, 'SIGSTOP');
      // More than its open polls take.
      await Promise.all(Array.from({ length: 40 }, () => notify()));
      await delay(7_000);
      process.kill(worker.pid, 'SIGCONT');
    }));

  it('fires InstanceDown when a worker is killed', async () => {
    await worker.stop('SIGKILL');

    await expectToFire(stage, 'InstanceDown', { job: 'bulk-notify-worker' });
  });
});

describe('a worker whose relay answers each message twice', () => {
  let stage: Stage;
  let api: Api;
  let relay: Awaited<ReturnType<typeof startScriptedRelay>>;

  beforeAll(async () => {
    const surroundings = await startSurroundings();
    relay = await startScriptedRelay({ dot: { say: '250 queued\r\n250 queued' } });
    const worker = await startWorker(surroundings, {
      ...{ SMTP_SERVER: '127.0.0.1', SMTP_PORT: String(relay.port) },
      SMTP_STARTTLS_REQUIRED: 'false',
    });
    api = await startApi(surroundings);
    const prometheus = await startPrometheus({ 'bulk-notify-worker': [worker.port] });
    stage = { surroundings, prometheus };
    stages.push(stage);
  });
  afterAll(() => relay.close());

  it('fires RelayOutOfStep', () =>
    expectToFireBy(stage, 'RelayOutOfStep', async () => {
      const { taskId } = await stage.surroundings.addUpload();
      await stage.surroundings.post(api, { taskId });
    }));
});

describe('every alert', () => {
  it('has been fired by its situation', () => {
    expect(alerts.filter((alert) => !fired.has(alert))).toEqual([]);
  });
});
