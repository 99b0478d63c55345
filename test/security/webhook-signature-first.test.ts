import { boltRouteFormat } from '../../src/webhook/boltroute-format';
import { eventually } from '../support/eventually';
import { head, rawConnection, type RawConnection } from '../support/raw-request';
import { signatureOf } from '../support/signature-of';
import { startWebhookEndpoint, type WebhookEndpoint } from '../support/webhook-endpoint';

const MIB = 2 ** 20;
const SECRET = 'current secret';
const WELL_FORMED = signatureOf(Buffer.from('another body'), SECRET);

let endpoint: WebhookEndpoint;
let connection: RawConnection;

beforeEach(async () => {
  endpoint = await startWebhookEndpoint({ webhookSecrets: [SECRET] });
  connection = await rawConnection(endpoint.port);
});
afterEach(async () => {
  connection.close();
  await endpoint.close();
});

const post = (...headers: string[]) => head(`POST ${boltRouteFormat.path}`, headers);
const MALFORMED: [string, string[]][] = [
  ['is missing', []],
  ['is blank', ['X-Webhook-Signature:  ']],
  ['is not a digest', ['X-Webhook-Signature: sha256=zz12']],
  ['has another algorithm', [`X-Webhook-Signature: ${WELL_FORMED.replace('sha256', 'sha1')}`]],
  ['is in capitals', [`X-Webhook-Signature: ${WELL_FORMED.toUpperCase()}`]],
  ['is a list', [`X-Webhook-Signature: ${WELL_FORMED}, ${WELL_FORMED}`]],
];

describe(`POST ${boltRouteFormat.path} with a secret`, () => {
  it.each(MALFORMED)(
    'answers 401 before the body arrives when the signature %s',
    async (_what, headers) => {
      connection.send(post(...headers, `Content-Length: ${MIB}`));

      const answer = await connection.until(/\}$/);

      expect(answer).toMatch(/^HTTP\/1\.1 401 .*"code":"signature_(missing|invalid)"\}$/s);
      expect(await endpoint.openBodies()).toBe(0);
    },
  );

  it('buffers nothing of a body without a signature', async () => {
    connection.send(post(`Content-Length: ${16 * MIB}`));
    let most = 0;

    for (let sent = 0; sent < 16; sent += 1) {
      connection.send(Buffer.alloc(MIB, ' '));
      most = Math.max(most, await endpoint.heldBytes());
    }

    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1\.1 401 /);
    expect(most).toBe(0);
  });

  it('does not send 100 Continue when the signature is missing', async () => {
    connection.send(post(`Content-Length: ${MIB}`, 'Expect: 100-continue'));

    const answer = await connection.ended();

    expect(answer).toMatch(/^HTTP\/1\.1 401 .*\r\nConnection: close\r\n/s);
  });

  it('sends 100 Continue when the signature is well formed', async () => {
    const body = Buffer.from('[]');
    connection.send(
      post(
        `X-Webhook-Signature: ${signatureOf(body, SECRET)}`,
        `Content-Length: ${body.length}`,
        'Expect: 100-continue',
      ),
    );
    await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);

    connection.send(body);

    expect(await connection.until(/\}$/)).toMatch(/HTTP\/1\.1 400 .*Connection: keep-alive/s);
  });

  it('answers the next request of a connection after it refused a body unread', async () => {
    const body = Buffer.from('[]');
    connection.send(post('Content-Length: 2') + '{}');
    await connection.until(/"signature_missing"\}$/);

    const signature = `X-Webhook-Signature: ${signatureOf(body, SECRET)}`;
    connection.send(post(signature, 'Content-Length: 2') + body.toString());

    expect(await connection.until(/"invalid_payload"\}$/)).toMatch(/401 .*HTTP\/1\.1 400 /s);
  });

  it('reads the body when the signature is well formed but for another body', async () => {
    connection.send(post(`X-Webhook-Signature: ${WELL_FORMED}`, `Content-Length: ${MIB}`));
    await eventually(async () => (await endpoint.openBodies()) === 1);

    connection.send(Buffer.alloc(MIB, ' '));

    expect(await connection.until(/\}$/)).toMatch(/^HTTP\/1\.1 401 .*"signature_invalid"/s);
  });
});
