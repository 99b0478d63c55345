import { startService, type ServiceProcess } from '../../tools/sandbox/service/service-process';
import { fetch } from '../support/recorded-fetch';
import { signatureOf } from '../support/signature-of';

const MIB = 2 ** 20;
const SECRET = 'members secret';

let api: ServiceProcess;

beforeAll(async () => {
  api = await startService('api', {
    HTTP_PORT: '0',
    ADMIN_PORT: '0',
    WEBHOOK_SECRET_KEY: SECRET,
    // As docker-compose.yml limits the heap of the API.
    NODE_OPTIONS: '--max-old-space-size=512',
    // Nothing listens there: an event that is accepted is answered 503.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
});
afterAll(() => api.stop('SIGKILL'));

async function post(body: Buffer): Promise<number> {
  const headers = { 'X-Webhook-Signature': signatureOf(body, SECRET) };
  const url = `http://127.0.0.1:${api.port}/api/tasks/webhooks/bulk-upload`;
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers });
  await response.arrayBuffer();
  return response.status;
}

/** JSON of at most `size` bytes: the text of as many members as fit, between two brackets. */
function jsonOf(size: number, open: string, member: (i: number) => string, close: string): Buffer {
  const body = Buffer.alloc(size);
  let at = body.write(open);
  for (let i = 0, text = member(0); at + text.length + 1 < size; text = `,${member(++i)}`) {
    at += body.write(text, at, 'latin1');
  }
  return body.subarray(0, at + body.write(close, at));
}

const name = (i: number) => i.toString(36);
const shapes: [string, (size: number) => Buffer][] = [
  ['distinct keys', (size) => jsonOf(size, '{', (i) => `"${name(i)}":0`, '}')],
  ['objects of one distinct key', (size) => jsonOf(size, '[', (i) => `{"${name(i)}":0}`, ']')],
  ['digits', (size) => jsonOf(size, '[', () => '1', ']')],
  ['fractions', (size) => jsonOf(size, '[', () => '.5'.padStart(3, '1'), ']')],
  ['short strings', (size) => jsonOf(size, '[', (i) => `"${name(i)}"`, ']')],
  ['empty objects', (size) => jsonOf(size, '[', () => '{}', ']')],
  ['nested lists', (size) => Buffer.from('['.repeat(size / 2) + ']'.repeat(size / 2))],
  ['nested objects', (size) => Buffer.from('{"":'.repeat(size / 5) + '0' + '}'.repeat(size / 5))],
];

describe.each([8, 32])('a signed webhook of %i MiB', (mebibytes) => {
  it.each(shapes)(
    'is answered without ending the process when it consists of %s',
    async (_what, of) => {
      const status = await post(of(mebibytes * MIB));

      expect(status === 200 || status === 400).toBe(true);
      expect(await post(Buffer.from('{}'))).toBe(200);
    },
  );
});
