import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getDefaultHighWaterMark } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type FormFile, type FormLimits, readForm } from '../../src/upload/multipart';
import { eventually } from '../support/eventually';
import { head, rawConnection, type RawConnection } from '../support/raw-request';
import { field, file, formBody, formType } from '../support/upload-form';

const LIMITS: FormLimits = { filesMax: 2, fileMaxBytes: 1_000 };
/** What a stream holds before it asks its source to wait, by the version of Node. */
const BUFFER_BYTES = getDefaultHighWaterMark(false);

let server: Server;
let connection: RawConnection;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = await rawConnection((server.address() as AddressInfo).port);
});

afterEach(async () => {
  connection.close();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** A request as a server has it when its headers have come, and maybe some of its body. */
async function begin(body: Buffer | string, length = body.length): Promise<IncomingMessage> {
  connection.send(head('POST /', [`Content-Type: ${formType}`, `Content-Length: ${length}`]));
  connection.send(body);
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  return request;
}

describe('readForm', () => {
  it('resolves with the fields after every file was consumed', async () => {
    const request = await begin(formBody([field('a', '1'), file('x.csv', 'X'), field('ä', 'ö')]));
    const taken: [string, string, string][] = [];

    const fields = await readForm(
      request,
      LIMITS,
      async ({ field: name, name: fileName, content }) => {
        taken.push([name, fileName, (await buffer(content)).toString()]);
      },
    );

    expect([...fields]).toEqual([
      ['a', '1'],
      ['ä', 'ö'],
    ]);
    expect(taken).toEqual([['files', 'x.csv', 'X']]);
  });

  it('rejects with the error of onFile while the client waits', async () => {
    const form = formBody([file('x.csv', 'X'.repeat(300))]);
    const request = await begin(form.subarray(0, 200), form.length);
    const refusal = new Error('no');

    const reading = readForm(request, LIMITS, async () => Promise.reject(refusal));

    await expect(reading).rejects.toBe(refusal);
  });

  it.each([
    ['sends nothing', 0],
    ['trickles', 1],
  ])('rejects when the client %s', async (_what, piece) => {
    const form = formBody([field('a', 'x'.repeat(200))]);
    const request = await begin(form.subarray(0, 20), form.length);
    let at = 20;
    const trickle = setInterval(() => {
      connection.send(form.subarray(at, at + piece));
      at += piece;
    }, 10);

    const minRate = { bytesPerSecond: 1_000, windowMs: 100 };
    const reading = readForm(request, { ...LIMITS, minRate }, discard);

    await expect(reading).rejects.toMatchObject({ status: 408, code: 'client_too_slow' });
    clearInterval(trickle);
  });

  it('does not count the time of a slow onFile against the client', async () => {
    const content = 'X'.repeat(400_000);
    const request = await begin(formBody([file('x.csv', content)]));
    // More bytes than the file has: the end of any window would reject.
    const minRate = { bytesPerSecond: 1_000_000, windowMs: 1_000 };
    let size = 0;

    await readForm(request, { ...LIMITS, fileMaxBytes: 10 ** 6, minRate }, async (taken) => {
      for await (const chunk of taken.content) {
        if (size === 0) await delay(1.5 * minRate.windowMs);
        size += (chunk as Buffer).length;
      }
    });

    expect(size).toBe(content.length);
  });

  it('rejects when the client disconnects', async () => {
    const form = formBody([field('a', '1')]);
    const request = await begin(form.subarray(0, 20), form.length);

    const reading = readForm(request, LIMITS, discard);
    connection.close();

    await expect(reading).rejects.toMatchObject({ code: 'client_gone' });
  });

  it('rejects at once when the client disconnected before', async () => {
    const form = formBody([field('a', '1')]);
    const request = await begin(form.subarray(0, 20), form.length);
    connection.close();
    await eventually(() => request.closed);

    const reading = async () => readForm(request, LIMITS, discard);

    await expect(reading()).rejects.toMatchObject({ code: 'client_gone' });
  });

  it('rejects when the client disconnects while a part of the form is unread', async () => {
    // Fills the buffers of the parser, and then a part of the request's own.
    const request = await begin(formBody([file('x.csv', Buffer.alloc(2.25 * BUFFER_BYTES))]));

    const reading = readForm(
      request,
      { ...LIMITS, fileMaxBytes: 10 ** 6 },
      async () => new Promise(() => {}),
    );
    await eventually(() => request.complete);
    connection.close();

    await expect(reading).rejects.toMatchObject({ code: 'client_gone' });
  });

  it('resolves when a file has ended in pieces while a full buffer of it was unread', async () => {
    // The last bytes resemble a boundary, so that they fill the buffer only when the boundary comes.
    const content = `X${'x'.repeat(BUFFER_BYTES - 3)}\r\n-`;
    const form = formBody([file('x.csv', content), field('a', '1')]).toString();
    const begun = form.indexOf('Xx') + 1;
    const ended = form.indexOf(content) + content.length;
    const cuts = [
      begun,
      begun + BUFFER_BYTES / 2,
      ended,
      form.indexOf('Disposition', ended),
      form.length,
    ];
    const [beginning = '', ...rest] = cuts.map((cut, i) => form.slice(cuts[i - 1] ?? 0, cut));
    connection.send(head('POST /', [`Content-Type: ${formType}`, 'Transfer-Encoding: chunked']));
    connection.send(chunked(beginning));
    const [request] = (await once(server, 'request')) as [IncomingMessage];
    let size = 0;

    const reading = readForm(request, { ...LIMITS, fileMaxBytes: 10 ** 6 }, async (taken) => {
      for await (const chunk of taken.content) {
        if (size === 0) {
          connection.send(`${rest.map(chunked).join('')}0\r\n\r\n`);
          await eventually(() => request.readableEnded);
        }
        size += (chunk as Buffer).length;
      }
    });

    expect([...(await reading)]).toEqual([['a', '1']]);
    expect(size).toBe(content.length);
  });

  it('stops reading from the client when onFile does not consume the file', async () => {
    const form = formBody([file('x.csv', Buffer.alloc(800_000))]);
    const request = await begin(form);

    const reading = readForm(
      request,
      { ...LIMITS, fileMaxBytes: 10 ** 6 },
      async () => new Promise(() => {}),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(request.isPaused() || request.readableFlowing === false).toBe(true);
    expect(request.socket.bytesRead).toBeLessThan(400_000);
    connection.close();
    request.destroy();
    await expect(reading).rejects.toMatchObject({ code: 'client_gone' });
  });
});

const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const discard = async ({ content }: FormFile): Promise<void> => void content.resume();
