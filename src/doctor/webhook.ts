import { randomBytes, randomUUID } from 'node:crypto';
import { withTimeLimit } from '../../activities/time-limit';
import { readBounded } from '../clients/read-bounded';
import { parseJson } from '../parse/parse-json';
import { boltRouteFormat } from '../webhook/boltroute-format';
import { signatureOf } from '../webhook/signature';
import type { Check, Examination } from './examine';
import { failure, type Judgement, ok, skipped, warning } from './finding';

interface WebhookQuestions {
  publicBaseUrl: string | undefined;
  /** The current one first. */
  secrets: readonly string[];
}

interface Answer {
  status: number;
  json: Partial<Record<'received' | 'reason' | 'code', unknown>>;
  /** Where a redirect leads. */
  location?: string;
}

const REQUEST_MS = 4_000;
const ANSWER_MAX_BYTES = 64 * 1024;
/** The webhook of 10,000 addresses has megabytes; nginx refuses more than one by default. */
const LARGE_BYTES = 2 * 2 ** 20;
const LOST = 'The provider retries only 429, 502, 503 and 504: any other answer loses the webhook.';
const KEYS = ['WEBHOOK_SECRET_KEY', 'WEBHOOK_SECRET_KEY_PREVIOUS'];

/**
 * Webhooks of an event that does not exist, through the public URL. A wrong signature must be refused
 * with the code of our endpoint, and a right one acknowledged with its reason: nothing else answers
 * so, and neither starts anything.
 */
export function webhookExamination({ publicBaseUrl, secrets }: WebhookQuestions): Examination {
  return {
    part: 'webhook',
    async examine(check) {
      if (!publicBaseUrl) {
        await check('public URL', () =>
          skipped(
            'not set',
            'Set PUBLIC_BASE_URL to the URL under which the provider reaches the API.',
          ),
        );
        return;
      }
      const url = `${publicBaseUrl}${boltRouteFormat.path}`;
      const reached = await check('endpoint', (stop) => judgeEndpoint(url, secrets, stop));
      if (reached.status === 'failure') return;
      await examineKeys(check, url, secrets);
    },
  };
}

async function examineKeys(check: Check, url: string, secrets: readonly string[]): Promise<void> {
  // Without a key here any signature does: a refusal of our endpoint shows that the body came through.
  const [current = randomSecret()] = secrets;
  const keys = secrets.map((secret, at) =>
    check(KEYS[at] ?? 'key', (stop) =>
      judgeAnswer(url, post(url, probe(), { secret, stop }), (answer) => judgeKey(answer, at)),
    ),
  );
  await Promise.all([
    ...keys,
    check('large body', (stop) =>
      judgeAnswer(url, post(url, probe(LARGE_BYTES), { secret: current, stop }), judgeLarge),
    ),
  ]);
}

async function judgeAnswer(
  url: string,
  asked: Promise<Answer>,
  judge: (answer: Answer) => Judgement,
): Promise<Judgement> {
  try {
    return judge(await asked);
  } catch (err) {
    return unreachable(url, err);
  }
}

const randomSecret = () => randomBytes(32).toString('hex');

/** An event that is none, so that the endpoint acknowledges it and does nothing. */
function probe(bytes = 0): Buffer {
  const padding = 'x'.repeat(bytes);
  return Buffer.from(JSON.stringify({ event_type: 'doctor', probe: randomUUID(), padding }));
}

async function judgeEndpoint(
  url: string,
  secrets: readonly string[],
  stop: AbortSignal,
): Promise<Judgement> {
  return judgeAnswer(url, post(url, probe(), { secret: randomSecret(), stop }), (answer) =>
    judgeUnknownKey(url, secrets, answer),
  );
}

function judgeUnknownKey(url: string, secrets: readonly string[], answer: Answer): Judgement {
  if (isRefused(answer))
    return overClear(url) ?? ok(`${url} is ours, and refuses a wrong signature`);
  if (!isAcknowledged(answer)) return foreign(url, answer);
  const why =
    'Anybody can make it ask the provider; only what the provider says gets into an email.';
  const what = `${url} is ours, and takes webhooks with any signature`;
  const remedy = 'Set WEBHOOK_SECRET_KEY at the API, and WEBHOOK_SIGNATURE_REQUIRED=true.';
  return secrets.length > 0 ? failure({ what, why, remedy }) : warning({ what, why, remedy });
}

const isRefused = ({ status, json }: Answer) => status === 401 && json.code === 'signature_invalid';
const isAcknowledged = ({ status, json }: Answer) =>
  status === 200 && json.received === true && json.reason === 'event_type_not_supported';

/** Undefined if the webhook is encrypted on its way, or does not leave the machine. */
function overClear(url: string): Judgement | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || /^(?:localhost|127\.|\[::1\])/.test(hostname)) return undefined;
  return warning({
    what: `${url} is ours, and not encrypted`,
    why: 'Whoever can read the network sees who uploads what; the provider may insist on HTTPS.',
    remedy: 'Put a proxy with TLS before the API, and https:// into PUBLIC_BASE_URL.',
  });
}

function foreign(url: string, { status, location }: Answer): Judgement {
  const what = `${url} answers ${status}${location ? ` and sends on to ${originOf(location, url)}` : ''}, which is not our endpoint`;
  return failure({ what, why: LOST, remedy: remedyFor(status) });
}

function remedyFor(status: number): string {
  if (status >= 300 && status < 400) {
    return 'Set PUBLIC_BASE_URL to the final URL: a redirect turns the POST into a GET.';
  }
  if (status >= 502 && status <= 504) {
    return 'Start `bulk-notify api`, and check where the proxy of PUBLIC_BASE_URL looks for it.';
  }
  if (status === 401 || status === 403) {
    return `Let the proxy of PUBLIC_BASE_URL pass POST ${boltRouteFormat.path} without a login of its own.`;
  }
  return `Correct PUBLIC_BASE_URL, or let its proxy pass POST ${boltRouteFormat.path} to the API.`;
}

function originOf(location: string, url: string): string {
  return URL.canParse(location, url) ? new URL(location, url).origin : 'an unreadable URL';
}

function unreachable(url: string, err: unknown): Judgement {
  const { name, cause } = err as { name?: string; cause?: { code?: string } };
  return failure({
    what: `${url} cannot be reached from here (${cause?.code ?? name ?? 'Error'})`,
    why: 'If the provider cannot reach it either, every webhook is lost until SWEEP_AFTER.',
    remedy:
      'Check PUBLIC_BASE_URL, its DNS, its certificate and its proxy, and that this machine may call itself from outside.',
  });
}

function judgeKey(answer: Answer, at: number): Judgement {
  const name = KEYS[at] ?? 'key';
  if (isAcknowledged(answer)) {
    return at === 0
      ? ok('the API accepts the current key')
      : warning({
          what: 'the API still accepts the previous key',
          why: 'Whoever has the old key can sign webhooks.',
          remedy: `Remove ${name} when bulk_notify_webhook_signatures_total{secret="previous"} no longer grows.`,
        });
  }
  if (!isRefused(answer)) return foreignKey(answer, name);
  return failure({
    what: `the API refuses a webhook that is signed with ${name}`,
    why: 'It runs with another key than this machine: if the provider signs with ours, every webhook is lost.',
    remedy: `Give the API the same ${name} (and the provider the first one), then restart it.`,
  });
}

function foreignKey({ status }: Answer, name: string): Judgement {
  return failure({
    what: `a webhook that is signed with ${name} is answered ${status}`,
    why: LOST,
    remedy: remedyFor(status),
  });
}

function judgeLarge(answer: Answer): Judgement {
  const size = `${LARGE_BYTES / 2 ** 20} MiB`;
  if (isAcknowledged(answer) || isRefused(answer)) return ok(`a body of ${size} comes through`);
  return failure({
    what: `a body of ${size} is answered ${answer.status}`,
    why: 'The webhook of a large upload is as long: it is lost.',
    remedy:
      'Let the proxy of PUBLIC_BASE_URL pass bodies of 32 MiB (client_max_body_size in nginx), as deploy/proxies do.',
  });
}

interface PostOptions {
  secret: string;
  stop: AbortSignal;
}

async function post(url: string, body: Buffer, { secret, stop }: PostOptions): Promise<Answer> {
  return withTimeLimit(REQUEST_MS, stop, async (signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'bulk-notify-doctor',
        [boltRouteFormat.signatureHeader]: signatureOf(body, secret),
      },
      body: new Uint8Array(body),
      redirect: 'manual',
      signal,
    });
    const bytes = await readBounded(response, ANSWER_MAX_BYTES);
    const json = Object(bytes && parseJson(bytes)) as Answer['json'];
    const location = response.headers.get('Location') ?? undefined;
    return { status: response.status, json, location };
  });
}
