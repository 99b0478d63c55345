import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type SignedWebhook, signedWebhook } from '../../tools/sandbox/provider/signed-webhook';
import { onFreePorts } from '../../tools/sandbox/network/on-free-ports';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import { fetch } from '../support/recorded-fetch';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { until } from '../../tools/sandbox/until';
import { type Proxy, type ProxyName, proxyNames, startProxy } from './support/proxies';

const WEBHOOKS = 200;
const PAUSE_MS = 80;
/** Proxies ask for the health of an API every second or two. */
const NOTICED_AFTER_MS = 5_000;
const TOO_LARGE = Buffer.alloc(33 * 1024 * 1024, ' ');

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

describe.each<ProxyName>(proxyNames)('%s before two APIs', (name) => {
  let surroundings: Surroundings;
  let proxy: Proxy;
  let apis: [Api, Api];

  type Api = Awaited<ReturnType<typeof startApi>>;

  /** On a port of its own, where it also starts again. */
  const startApi = () =>
    onFreePorts([undefined], async ([port]) => {
      const start = () =>
        surroundings.start('api', {
          HTTP_PORT: String(port),
          SHUTDOWN_DELAY: '5s',
          HTTP_KEEP_ALIVE_TIMEOUT: '75s',
        });
      let process = await start();
      const restart = async () => {
        await process.stop();
        process = await start();
      };
      return { port: port as number, restart, readiness: () => readinessOf(port as number) };
    });

  beforeAll(async () => {
    surroundings = await startSurroundings();
    apis = await Promise.all([startApi(), startApi()]);
    proxy = await startProxy(name, [apis[0].port, apis[1].port]);
  });
  afterAll(async () => {
    await proxy?.close();
    await surroundings?.close();
  });

  async function post(body: Buffer, headers: Record<string, string>): Promise<Answer> {
    const { webhook } = serviceUrls(proxy.port);
    const response = await fetch(webhook, { method: 'POST', headers, body: new Uint8Array(body) });
    const text = await response.text();
    return { status: response.status, body: toJson(text) };
  }

  /** Repeats it while Temporal is slow. */
  async function postUntilTaken({ body, headers }: SignedWebhook): Promise<Answer> {
    let answer = await post(body, headers);
    while (await isTemporalSlow(answer)) answer = await post(body, headers);
    return answer;
  }

  /** What a proxy says itself, without a code, may be due to it, too: then an API says so. */
  async function isTemporalSlow({ status, body }: Answer): Promise<boolean> {
    if (body.code === 'unavailable') return true;
    if (status < 500) return false;
    const answers = await Promise.all(apis.map(({ readiness }) => readiness()));
    return answers.some(({ text }) => text.includes('Temporal does not answer'));
  }

  it('takes 200 webhooks while one API after the other is restarted', async () => {
    // given
    await until('both APIs are ready', async () => {
      const answers = await Promise.all(apis.map(({ readiness }) => readiness()));
      return answers.every(({ status }) => status === 200);
    });
    let restarting = true;
    const restarted = (async () => {
      await apis[0].restart();
      await delay(NOTICED_AFTER_MS);
      await apis[1].restart();
    })().finally(() => (restarting = false));

    // when
    const answers: Answer[] = [];
    while (restarting || answers.length < WEBHOOKS) {
      const secret = surroundings.webhookSecret;
      answers.push(await postUntilTaken(signedWebhook({ secret, taskId: randomUUID() })));
      await delay(PAUSE_MS);
    }
    await restarted;

    // then
    const others = answers.filter(({ status, body }) => status !== 200 || !body.processed);
    expect(others).toEqual([]);
  });

  it('takes a webhook of more than a megabyte without a file for its body', async () => {
    const secret = surroundings.webhookSecret;
    const webhook = signedWebhook({ secret, taskId: randomUUID(), total: 5_000 });

    const answer = await postUntilTaken(webhook);

    expect(webhook.body.length).toBeGreaterThan(2 ** 20);
    expect(answer).toMatchObject({ status: 200, body: { processed: true } });
  });

  it('hands on the 413 of a body that is too large', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-webhook-signature': `sha256=${'0'.repeat(64)}`,
    };

    const answer = await post(TOO_LARGE, headers);

    expect(answer).toMatchObject({ status: 413, body: { code: expect.any(String) } });
  });

  it('keeps metrics and health from the public', async () => {
    const { base } = serviceUrls(proxy.port);
    const paths = ['/metrics', '/readyz', '/healthz'];

    const statuses = await Promise.all(
      paths.map(async (path) => (await fetch(`${base}${path}`)).status),
    );

    expect(statuses).toEqual([404, 404, 404]);
  });
});

async function readinessOf(port: number): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(serviceUrls(port).readiness);
    return { status: response.status, text: await response.text() };
  } catch {
    // It is being restarted.
    return { status: 0, text: '' };
  }
}

/** What a proxy says itself is no JSON. */
function toJson(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body'];
  } catch {
    return { text: text.slice(0, 500) };
  }
}
