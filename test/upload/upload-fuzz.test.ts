import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UPLOAD_PATH } from '../../src/upload/route';
import { eventually } from '../support/eventually';
import { createRandom } from '../../tools/sandbox/random';
import { createMutate } from '../support/mutations';
import { json, type RawUpstream, rawUpstream, TAKEN, whenRead } from '../support/raw-upstream';
import { startUploadEndpoint, type UploadEndpoint, USER_TOKEN } from '../support/upload-endpoint';
import { field, file, formBody, formType, metadata } from '../support/upload-form';

const SEED = 20_260_211;
const FORMS = 10_000;
/** Milliseconds; a slow machine tries fewer forms. */
const FUZZ_TIMEOUT_MS = 20_000;
const AT_ONCE = 16;
/**
 * The upload of a client that left may still be finishing when the next form comes. Fewer than the
 * clients that leave, so that a slot that is not released is noticed.
 */
const SLOTS = 6 * AT_ONCE;

const BODIES = [
  [file('a.txt'), metadata('a.txt')],
  [metadata('a.csv', 'b.xlsx'), file('a.csv', 'x'.repeat(3_000)), file('b.xlsx', 'PK\u0003\u0004')],
  [field('webhook_url', 'https://x.example/'), file('Größe.csv'), metadata('Größe.csv')],
  [
    field('user_id', ''),
    file('a.txt'),
    file('b.txt'),
    file('c.txt'),
    metadata('a.txt', 'b.txt', 'c.txt'),
  ],
].map((parts) => formBody(parts));

const WORDS = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n\n',
    '\r',
    '--',
    '-',
    ';',
    '"',
    '\\',
    '=',
    ':',
    '\0',
    ' ',
    '%00',
    '\xff',
  ],
  ...['----test-boundary', '\r\n------test-boundary\r\n', '\r\n------test-boundary--', 'test'],
  ...['Content-Disposition: form-data', 'form-data', 'attachment', 'Content-Type: text/plain'],
  ...['name="files"', 'name=files', 'name', 'files', 'files[]', 'file_metadata', 'webhook_url'],
  ...[
    'filename="a.csv"',
    'filename=',
    "filename*=utf-8''%e2%82",
    'filename="',
    '../',
    '.csv',
    '.txt',
  ],
  ...[
    'Content-Type: text/plain; charset=utf-16le',
    'Content-Transfer-Encoding: base64',
    'charset=x',
  ],
  ...['[', ']', '{', '}', ',', 'null', '1e999', '\\ud800', '"__proto__"', 'email_column', '"XFE"'],
  ...['x'.repeat(70_000), `X-${'y'.repeat(9_000)}: z\r\n`, 'A: b\r\n'.repeat(50)],
];

const TYPES = [
  'multipart/form-data; boundary="----test-boundary"',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=""; boundary=----test-boundary',
  'multipart/form-data; boundary=--',
  "multipart/form-data; boundary*=utf-8''%0d%0a",
  `multipart/form-data; boundary=${'-'.repeat(252)}`,
  'multipart/form-data',
  'multipart/form-data;',
  'application/x-www-form-urlencoded; boundary=----test-boundary',
];

let directory: string;
let previous: string | undefined;
let upstream: RawUpstream;
let endpoint: UploadEndpoint;
let agent: Agent;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'upload-fuzz-'));
  previous = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  process.on('unhandledRejection', note);
  agent = new Agent({ keepAlive: true });
});

afterAll(async () => {
  agent.destroy();
  await endpoint.close();
  await eventually(() => upstream.sockets.size === 0);
  await upstream.close();
  process.off('unhandledRejection', note);
  if (previous === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = previous;
  rmdirSync(directory);
});

interface Form {
  body: Buffer;
  type: string;
  /** The lengths of the pieces that it is sent in. */
  piece: number;
  /** Whether the client leaves before the end. */
  leaves: boolean;
}

interface Answer {
  status: number;
  body: unknown;
}

/** The answer, or undefined for a client that left. */
function send({ body, type, piece, leaves }: Form): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      port: endpoint.port,
      method: 'POST',
      path: UPLOAD_PATH,
      agent,
      headers: {
        Authorization: `Bearer ${USER_TOKEN}`,
        'Content-Type': type,
        // Otherwise in chunks.
        ...(piece % 2 ? { 'Content-Length': body.length } : {}),
      },
    });
    outgoing.on('response', (incoming) => void read(incoming).then(resolve, reject));
    outgoing.on('error', (err) => (leaves ? resolve(undefined) : reject(err)));
    for (let at = 0; at < body.length && !leaves; at += piece) {
      outgoing.write(body.subarray(at, at + piece));
    }
    if (!leaves) return void outgoing.end();
    outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
  });
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const text = Buffer.concat((await incoming.toArray()) as Buffer[]).toString();
  return { status: incoming.statusCode ?? 0, body: JSON.parse(text) as unknown };
}

describe(`POST ${UPLOAD_PATH}`, () => {
  it(
    'answers 10,000 broken forms and reports every upload',
    async () => {
      let taken = 0;
      upstream = await rawUpstream(
        whenRead((response, incoming) => {
          taken += 1;
          json(TAKEN, 202)(response, incoming);
        }),
      );
      endpoint = await startUploadEndpoint(upstream.baseUrl, { slots: { slotsPerUser: SLOTS } });
      const random = createRandom(String(SEED)).below;
      const mutate = createMutate(WORDS, random);
      const statuses: Record<string, number> = {};
      const odd: unknown[] = [];
      let reported = 0;
      let tried = 0;
      const deadline = Date.now() + FUZZ_TIMEOUT_MS;

      async function tryForms(): Promise<void> {
        while (tried < FORMS && Date.now() < deadline) {
          tried += 1;
          const form = nextForm(random, mutate);
          const answer = await send(form);
          const status = answer?.status ?? 'left';
          statuses[status] = (statuses[status] ?? 0) + 1;
          if (Array.isArray(answer?.body)) reported += answer.body.length;
          if (answer && !isExpected(answer))
            odd.push({ ...answer, form: form.body.toString('latin1') });
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, tryForms));
      await eventually(() =>
        upstream.requests.every(({ complete, destroyed }) => complete || destroyed),
      );
      await eventually(() => endpoint.watched.length >= taken);

      expect(odd).toEqual([]);
      expect(unhandled).toEqual([]);
      expect(statuses[200]).toBeGreaterThan(tried / 50);
      expect(statuses[400]).toBeGreaterThan(tried / 4);
      // A client may leave when all that counts of its form has come.
      expect(reported).toBeLessThanOrEqual(taken);
      expect(taken - reported).toBeLessThanOrEqual(statuses.left ?? 0);
      expect(endpoint.watched).toHaveLength(taken);
      expect(endpoint.log.events()).not.toContain('http.failed');
      expect(readdirSync(directory)).toEqual([]);
    },
    FUZZ_TIMEOUT_MS + 20_000,
  );
});

function nextForm(random: (bound: number) => number, mutate: (bytes: Buffer) => Buffer): Form {
  const body = mutate(BODIES[random(BODIES.length)] ?? Buffer.alloc(0));
  const type = random(20) ? formType : (TYPES[random(TYPES.length)] ?? '');
  const piece = random(8) ? 65_536 + random(2) : 1 + random(700);
  return { body, type, piece, leaves: random(50) === 0 && body.length > 1 };
}

function isExpected({ status, body }: Answer): boolean {
  if (status === 200) return Array.isArray(body);
  const { detail, code } = body as { detail?: unknown; code?: unknown };
  return [400, 413].includes(status) && typeof detail === 'string' && typeof code === 'string';
}
